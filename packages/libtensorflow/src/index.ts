export { LibtensorflowError } from './errors'
export { type Check, type Inspection, inspectLibtensorflow } from './inspect'
export { type Installation, type InstallOptions, installLibtensorflow, isInstalled } from './install'
export { type UninstallOptions, uninstallLibtensorflow } from './uninstall'
