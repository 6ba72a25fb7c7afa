// The settings of a mechanism as a link carries them: those that differ from what an empty link opens, read by the mechanism's schema.

import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { UNKNOWN_KEY } from '../stores/complaint.ts';
import { type ConfigValue, DEFAULT_EXPERIMENT, type Experiment } from '../stores/experiment.ts';
import type { Complaints } from './url-complaints.ts';
import { configSchemas, encodeConfigValue, mendConfig, parseConfigValue } from './url-config.ts';
import { isReservedKey } from './url-fields.ts';
import type { LinkKeys } from './url-migrations.ts';
import { Refusal } from './url-values.ts';

/** Written for a config key that the default page sets and this one leaves to the mechanism. */
const LEFT_OUT = 'auto';

/** The config that an empty link opens, for the mechanism it opens. */
function defaultConfig(mechanism: string): Experiment['config'] {
  return mechanism === DEFAULT_EXPERIMENT.mechanism ? DEFAULT_EXPERIMENT.config : {};
}

/** The keys that a link of this experiment has, each with its text. In alphabetical order, so that equal states have equal links. */
export function encodeSettings({ mechanism, config }: Experiment): [string, string][] {
  const defaults = defaultConfig(mechanism);
  const keys = [...new Set([...Object.keys(config), ...Object.keys(defaults)])].sort();
  return keys.flatMap((key): [string, string][] => {
    const value = config[key];
    if (value === undefined) return [[key, LEFT_OUT]];
    return JSON.stringify(value) === JSON.stringify(defaults[key]) ? [] : [[key, encodeConfigValue(value)]];
  });
}

/** @param mechanism undefined where it is not loaded: then no setting is known */
export function readSettings(
  keys: LinkKeys,
  mechanism: Mechanism | undefined,
  { mechanism: id, input }: Experiment,
  complaints: Complaints,
): Record<string, ConfigValue> {
  const schemas = mechanism ? configSchemas(mechanism.config) : new Map();
  const config: Record<string, ConfigValue> = { ...defaultConfig(id) };
  const refusals = new Map<string, Refusal<ConfigValue>>();
  for (const [key, value] of keys) {
    if (isReservedKey(key)) continue;
    const schema = schemas.get(key);
    if (schema && value === LEFT_OUT) {
      delete config[key];
      continue;
    }
    if (!schema) continue;
    const parsed = parseConfigValue(schema, value);
    if (!(parsed instanceof Refusal)) config[key] = parsed;
    else {
      refusals.set(key, parsed);
      if (parsed.nearest !== undefined) config[key] = parsed.nearest;
    }
  }
  if (mechanism) {
    const beneath = input === 'random' ? (mechanism.presets[0]?.config ?? {}) : null;
    for (const [key, refusal] of mendConfig(mechanism, config, (each) => keys.has(each), beneath)) {
      refusals.set(key, refusal);
    }
  }
  for (const [key, value] of keys) {
    const refusal = refusals.get(key);
    if (refusal) {
      const { limit, nearest } = refusal;
      complaints.add(key, value, limit, nearest === undefined ? 'the default' : String(nearest));
    } else if (!isReservedKey(key) && !schemas.has(key)) {
      complaints.add(key, value, UNKNOWN_KEY, 'nothing: it was ignored');
    }
  }
  return config;
}
