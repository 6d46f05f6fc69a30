import DefaultTheme from 'vitepress/theme-without-fonts'
import { h } from 'vue'
import schedules from '../../../docs/plots/schedules.svg'
import './style.css'

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'home-hero-image': () => h('img', { src: schedules, alt: '' }) }),
}
