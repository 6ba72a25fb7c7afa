// What helps where a tiled run moves more than standard attention: tiles that this device holds and that move less; or that there are none.

import type { AttentionConfig } from '#gpu/mechanisms/attention/config.ts';
import { resolveConfig } from '#gpu/mechanisms/attention/config.ts';
import { attentionCost } from '#gpu/mechanisms/attention/cost.ts';
import { unsupported, type VariantId } from '#gpu/mechanisms/attention/plan.ts';
import { TUNED } from '#gpu/mechanisms/attention/tuned-tiles.ts';
import { hbmBytes } from '../../exhibit/moved-bytes.ts';
import type { FindRemedy } from '../../exhibit/offer.ts';
import { limitText } from '../../words/quantities.ts';
import { cheaperStandard } from './story.ts';

/** How many of them does not change the bytes: the first that fit are taken. */
const KEY_ROWS = [16, 32, 8, 4, 2, 1];
/** WebGPU's guaranteed value, until the device has told its own. */
const WORKGROUP_BYTES = 16_384;

/** Bytes by the closed form; infinite where this device does not hold the tiles. */
function bytesWith(variant: VariantId, config: AttentionConfig, limits: Readonly<Record<string, number>>): number {
  if (unsupported(variant, config, limits)) return Number.POSITIVE_INFINITY;
  return attentionCost(variant, config).buffers.reduce(
    (sum, { loadBytes, storeBytes }) => sum + loadBytes + storeBytes,
    0,
  );
}

/** Of power-of-two query rows, and those that make equal tiles, the ones that move least. Smaller ones where that is the same. */
export function leastMovingTiles(
  variant: VariantId,
  config: AttentionConfig,
  limits: Readonly<Record<string, number>>,
): { br: number; bc: number; bytes: number } | null {
  const { nq } = config;
  const rows = [1, 2, 3, 4].map((count) => Math.ceil(nq / count));
  for (let size = 8; size <= Math.min(nq, 256); size *= 2) rows.push(size);
  let best: { br: number; bc: number; bytes: number } | null = null;
  for (const br of new Set(rows.filter((size) => size >= 1))) {
    for (const bc of KEY_ROWS) {
      const bytes = bytesWith(variant, resolveConfig({ ...config, br, bc }), limits);
      if (!Number.isFinite(bytes)) continue;
      if (!best || bytes < best.bytes || (bytes === best.bytes && br < best.br)) best = { br, bc, bytes };
    }
  }
  return best;
}

export const attentionRemedy: FindRemedy = (recording, others, limits) => {
  const standard = cheaperStandard(recording, others);
  if (!standard || recording.edited.length > 0) return null;
  const config = recording.config as AttentionConfig;
  if (recording.variant === TUNED) {
    return { words: 'Its tiles are chosen by time, not by bytes.', offers: [] };
  }
  const best = leastMovingTiles(recording.variant as VariantId, config, limits);
  if (best && best.bytes < hbmBytes(standard)) {
    const { br, bc } = best;
    return { words: '', offers: [{ label: `Use ${br} × ${bc} tiles, which move less`, config: { br, bc } }] };
  }
  const memory = limitText(limits.maxComputeWorkgroupStorageSize ?? WORKGROUP_BYTES);
  return {
    words: `At head dimension ${config.headDim} no tiles that fit into this device’s ${memory} would move less here.`,
    offers: [],
  };
};
