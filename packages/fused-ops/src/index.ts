export { type LoadResult, loadFusedOps } from './load-fused-ops'
