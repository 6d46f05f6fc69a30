// Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom: NIST/SEMATECH e-Handbook, section 1.3.6.7.2.
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]

/** Half the width of a 95 % confidence interval in standard errors; from 30 degrees of freedom on, that of 30. */
export function studentsT(degreesOfFreedom: number): number {
  return quantiles[Math.min(degreesOfFreedom, quantiles.length) - 1] ?? Number.POSITIVE_INFINITY
}
