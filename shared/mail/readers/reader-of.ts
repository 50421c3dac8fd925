import type { Platform } from "../reading.ts";
import { airbnb } from "./airbnb.ts";
import { booking } from "./booking.ts";
import { direct } from "./direct.ts";
import { osm } from "./osm.ts";
import type { PlatformReader } from "./platform-reader.ts";
import { propertyManagers } from "./property-managers.ts";
import { vrbo } from "./vrbo.ts";

const READERS: readonly PlatformReader[] = [airbnb, vrbo, booking, propertyManagers, osm];

/** The reader of a platform's templates; that of a let's own mails where nobody knows whose template it is. */
export function readerOf(platform: Platform | null): PlatformReader {
  return READERS.find((reader) => reader.platform === platform) ?? direct;
}
