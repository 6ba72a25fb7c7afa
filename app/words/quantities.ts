// Numbers as they stand on screen: three significant digits, SI units with one space. The exact value belongs on hover.

const EXACT = new Intl.NumberFormat('en', { maximumFractionDigits: 20 });
const SI = ['', 'k', 'M', 'G', 'T'];

function scaled(value: number): { digits: string; step: number } {
  let step = 0;
  let rest = Math.abs(value);
  while (rest >= 999.5 && step < SI.length - 1) {
    rest /= 1000;
    step += 1;
  }
  const digits = step === 0 && Number.isInteger(rest) ? String(rest) : trimmed(rest);
  return { digits: value < 0 ? `−${digits}` : digits, step };
}

/** Three significant digits, never an exponent for what `scaled` gives. */
function trimmed(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  if (value >= 9.995) return value.toFixed(1);
  return value.toFixed(2);
}

/**
 * '36.9 KB': 1 KB = 1000 B, for what is moved and for what there is room for, as one stands beside the other. Limits of devices are powers of
 * two, so theirs have their bytes beside them. ('kB' reads as a typing error to most, so the customary KB stands.)
 */
export function bytesText(bytes: number): string {
  const { digits, step } = scaled(bytes);
  return `${digits} ${['B', 'KB', 'MB', 'GB', 'TB'][step]}`;
}

/** '16.4 KB (16,384 B)': a limit. */
export function limitText(bytes: number): string {
  const text = bytesText(bytes);
  const exact = `${exactText(bytes)} B`;
  return text === exact ? text : `${text} (${exact})`;
}

/** '1.05 M' for a count. */
export function countText(count: number): string {
  const { digits, step } = scaled(count);
  return step === 0 ? digits : `${digits} ${SI[step]}`;
}

/** '1.05M': no space, for narrow columns. */
export function compactCount(count: number): string {
  const { digits, step } = scaled(count);
  return `${digits}${SI[step]}`;
}

/** 1,234,567 with thin separators as English writes them. */
export function exactText(value: number): string {
  return EXACT.format(value);
}

/** Times: '1.24 ms', '830 µs', '1.20 s', '1 ns'. */
export function timeText(ms: number): string {
  if (ms >= 999.5) return `${trimmed(ms / 1000)} s`;
  if (ms >= 1) return `${trimmed(ms)} ms`;
  // Rounded to three digits first, so that 999.9 ns are 1.00 µs.
  if (ms * 1e6 >= 999.5) return `${trimmed(ms * 1000)} µs`;
  if (ms > 0) return `${Number((ms * 1e6).toPrecision(3))} ns`;
  return '0 ms';
}

/** A recorded float: '−3.142', '2.1e-7'. */
export function valueText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : value.toPrecision(4);
  return text.replace('-', '−').replace('e−', 'e-').replace('e+', 'e');
}

/** '12.5 %' of a whole. */
export function percentText(part: number, whole: number): string {
  return `${whole > 0 ? ((100 * part) / whole).toFixed(1) : '0.0'} %`;
}

/** '1 tile', '3 tiles'. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${exactText(count)} ${count === 1 ? one : many}`;
}
