export { stepSchedule } from './step-schedule'
