export { libtensorflow } from './libtensorflow'
