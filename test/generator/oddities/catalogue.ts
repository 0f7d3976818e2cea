import type { Random } from '../random.ts';
import type { Setting } from '../setting.ts';
export function playOddities(_setting: Setting, _random: Random, _kinds?: readonly string[]): void {}
