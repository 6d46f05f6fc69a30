export { checkpoint } from './checkpoint'
