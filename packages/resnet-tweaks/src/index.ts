export { resnetTweaks } from './resnet-tweaks'
