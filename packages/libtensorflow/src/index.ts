export { LibtensorflowError } from './errors'
export { type Installation, type InstallOptions, installLibtensorflow } from './install'
