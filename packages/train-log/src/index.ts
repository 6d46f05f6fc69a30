export { trainLog } from './train-log'
