/** Mean of ImageNet's red, green and blue, in units of 0 to 255, as in He et al., 2018, section 2.1. */
export const imagenetMean = [123.68, 116.779, 103.939] as const

/** Standard deviation of ImageNet's red, green and blue, in units of 0 to 255. */
export const imagenetStd = [58.393, 57.12, 57.375] as const
