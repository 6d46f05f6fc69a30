import { CURVES } from './style/curves'
import { MEDIA } from './style/media'
import { SECTIONS } from './style/sections'
import { THEME } from './style/theme'

/** The style of every page: light, dark, narrow, printed. */
export const STYLE = [THEME, CURVES, SECTIONS, MEDIA].join('')
