/**
 * Money as an exact decimal(18,4) text. Sums are done in ten-thousandths as bigint, so that a total
 * of half a million lines is exact.
 */
const SCALE = 10_000n;

/** Ten-thousandths of a number or decimal text, rounded half away from zero. */
export function toUnits(value: number | string): bigint {
  if (typeof value === 'string') {
    const match = /^(-)?(\d+)(?:\.(\d{1,4}))?$/.exec(value);
    if (match !== null) {
      const units = BigInt(match[2] ?? '0') * SCALE + BigInt((match[3] ?? '').padEnd(4, '0'));
      return match[1] === undefined ? units : -units;
    }
  }
  const numeric = Number(value);
  if (!Number.isFinite(numeric) || Math.abs(numeric) > 1e13) throw new RangeError('not an amount');
  const scaled = Math.abs(numeric) * 10_000;
  const units = BigInt(Math.round(scaled + scaled * Number.EPSILON));
  return numeric < 0 ? -units : units;
}

/** Decimal text of ten-thousandths, without trailing zeros beyond two digits: `129.90`. */
export function fromUnits(units: bigint): string {
  const sign = units < 0n ? '-' : '';
  const absolute = units < 0n ? -units : units;
  const fraction = (absolute % SCALE)
    .toString()
    .padStart(4, '0')
    .replace(/0{1,2}$/, '');
  return `${sign}${absolute / SCALE}.${fraction}`;
}
