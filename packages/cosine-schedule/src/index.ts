export { cosineSchedule } from './cosine-schedule'
