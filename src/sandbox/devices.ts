import { readdirSync } from 'node:fs';

/** Graphics cards and accelerators of NVIDIA, AMD, Intel, Google and of Windows' Linux. */
const DEVICE = /^(nvidia.*|dri|kfd|dxg|accel.*|vfio)$/;

/** The accelerators of this machine, which trainers compute with. */
export function devices(): string[] {
  try {
    return readdirSync('/dev')
      .filter((name) => DEVICE.test(name))
      .map((name) => `/dev/${name}`);
  } catch {
    return [];
  }
}
