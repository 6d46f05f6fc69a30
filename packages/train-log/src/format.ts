/** 0.9741 → '97.41 %'. */
export function percent(share: number, digits = 2): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : '–'
}

/** 2.3137 → '2.314': a loss, in a column with others. */
export function fixed(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : '–'
}

/** As many digits as tell steps of a curve apart: 2.314, 0.0943, 0.00012, 1,204. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 100) return Math.round(value).toLocaleString('en')
  return size >= 1 ? value.toFixed(size >= 10 ? 1 : 3) : String(Number(value.toPrecision(3)))
}

/** 8123456789 → '8.1 GB'; 1 GB is 10⁹ bytes. */
export function bytes(count: number): string {
  if (!Number.isFinite(count)) return '–'
  return count < 999.5e6 ? `${(count / 1e6).toFixed(0)} MB` : `${(count / 1e9).toFixed(1)} GB`
}

/** 11520000 → '3 h 12 min'; the two largest units. */
export function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '–'
  const seconds = milliseconds / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const rounded = Math.round(seconds)
  if (rounded < 60) return `${rounded} s`
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${pad(rounded % 60)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
  const hours = Math.round(seconds / 3600)
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
