export { imageDataset } from './image-dataset'
