import { plain } from "./plain-words.ts";

/**
 * Where a stay was booked, as mails and feeds call it alike. `pms`: a channel manager; `calendar`: a calendar that people
 * keep themselves; `unknown`: nothing tells.
 */
export const PLATFORMS = ["airbnb", "vrbo", "booking", "tripadvisor", "pms", "calendar", "unknown"] as const;
export type Platform = (typeof PLATFORMS)[number];

/** By whose name in PRODID, UID, summary or links a platform is known; the portals go before the managers. */
const NAMES: readonly (readonly [Platform, RegExp])[] = [
  ["airbnb", /\bair ?bnb\b/],
  ["vrbo", /\bvrbo\b|home ?away|abritel|fewo-?direkt|\bstayz\b|book ?a ?bach/],
  ["booking", /\bbooking\.com\b|\bbookingcom\b|\bbdc\b/],
  ["tripadvisor", /trip ?advisor|flip ?key|holiday ?lettings|niumba/],
  [
    "pms",
    /lodgify|smoobu|hostaway|guesty|beds ?24|hospitable|owner ?rez|hostfully|\bigms\b|avantio|cloudbeds|uplisting|tokeet|rentals ?united|your\.?rentals|zeevou|booking ?sync|\bsmily\b|\bkigo\b|streamline|escapia|lodgix|host ?hub|eviivo|freetobook|super ?control|octorate|hostify|rentlio|holidu|bookiply|e-domizil|interhome|host ?tools|little ?hotelier|site ?minder|\bmews\b|365 ?villas|icnea|krossbooking|vik ?booking|hotel ?runner|\bhoteliga\b|\bigloohome\b|\bmyvr\b|\bliverez\b|\bbarefoot\b/,
  ],
  [
    "calendar",
    /google calendar|\bgoogle inc\b|@google\.com|\boutlook\b|microsoft|\bapple inc\b|icloud|\bmac ?os\b|thunderbird|mozilla|nextcloud|sabredav|proton/,
  ],
];

/** How people and programs may spell one on the command line or in a file. */
const SPELLINGS: Readonly<Record<string, Platform>> = {
  ...Object.fromEntries(PLATFORMS.map((platform) => [platform, platform])),
  google: "calendar",
  outlook: "calendar",
  other: "unknown",
};

/** The platform that a word names: `Booking.com`, `homeaway`, `lodgify`; undefined where it is none. */
export function platformNamed(word: string): Platform | undefined {
  const spelt = plain(word);
  return Object.hasOwn(SPELLINGS, spelt) ? SPELLINGS[spelt] : platformIn(spelt);
}

/** The first platform whose name stands in a text; undefined where none does. */
export function platformIn(text: string): Platform | undefined {
  const words = plain(text);
  return NAMES.find(([, name]) => name.test(words))?.[0];
}

/** Only portals sell stays themselves; what others show may be anybody's. */
export function isPortal(platform: Platform): boolean {
  return platform === "airbnb" || platform === "vrbo" || platform === "booking" || platform === "tripadvisor";
}
