import type { Platform } from "../reading.ts";

/** Domains whose mails a platform sends, as the last labels of an address. */
const DOMAINS: Readonly<Record<Platform, readonly string[]>> = {
  airbnb: ["airbnb.com", "airbnb.*", "airbnbmail.com"],
  vrbo: [
    "vrbo.com",
    "homeaway.com",
    "homeaway.*",
    "expediagroup.com",
    "fewo-direkt.de",
    "abritel.fr",
    "stayz.com.au",
    "bookabach.co.nz",
    "vrbo.*",
  ],
  booking: ["booking.com"],
  pms: [
    ..."lodgify.com guesty.com smoobu.com hostaway.com hospitable.com smartbnb.io ownerrez.com beds24.com hostfully.com".split(
      " ",
    ),
    ..."tokeet.com igms.com avantio.com bookingsync.com smily.com supercontrol.co.uk uplisting.io escapia.com".split(
      " ",
    ),
    ..."streamlinevrs.com rentalsunited.com cloudbeds.com little-hotelier.com littlehotelier.com krossbooking.com".split(
      " ",
    ),
    ..."octorate.com eviivo.com freetobook.com bookster.com anytimebooking.eu bookalet.co.uk holidu.com holidu.de".split(
      " ",
    ),
    ..."rentlio.com elina.io ruzie.nl bookerscamp.com host-tools.com jurny.com hostex.io channex.io minut.com".split(
      " ",
    ),
    ..."feratel.com e-domizil.de traum-ferienwohnungen.de ferienhausmiete.de casamundo.de micazu.nl natuurhuisje.nl".split(
      " ",
    ),
  ],
  osm: ["onlinescoutmanager.co.uk"],
};

/** Where anybody gets an address within a minute; no platform writes from there. */
const FREE_MAIL =
  /^(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|aol|icloud|me|gmx|web|t-online|freenet|mail|inbox|yandex|proton|protonmail|zoho|laposte|orange|libero|ziggo|kpnmail)\.(?:[a-z]{2,3}|co\.[a-z]{2}|com\.[a-z]{2})$/;

/** What people call a platform; a sender who calls himself so must be it. */
const BRANDS: readonly (readonly [RegExp, Platform])[] = [
  [/\bairbnb\b/, "airbnb"],
  [/\b(?:vrbo|homeaway|fewo-direkt|abritel)\b/, "vrbo"],
  [/\bbooking\.?com\b/, "booking"],
  [/\blodgify\b/, "pms"],
  [/\bonline ?scout ?manager\b/, "osm"],
];

/** The platform an address belongs to: its domain is one of the platform's, not merely named like it. */
export function platformOfAddress(address: string): Platform | null {
  const domain = domainOf(address);
  for (const [platform, domains] of Object.entries(DOMAINS)) {
    if (domains.some((known) => belongsTo(domain, known))) return platform as Platform;
  }
  return null;
}

/** The platform a text calls by name. */
export function brandIn(foldedText: string): Platform | null {
  return BRANDS.find(([name]) => name.test(foldedText))?.[1] ?? null;
}

/** The platform a domain borrows the name of, `airbnb-reservations.com`; null where it is the platform's own. */
export function imitatedBy(address: string): Platform | null {
  if (platformOfAddress(address) !== null) return null;
  const domain = domainOf(address).replaceAll(/[.-]/g, " ").replaceAll("0", "o").replaceAll("1", "l");
  if (/\bair ?bnb|airbnb/.test(domain)) return "airbnb";
  if (/\bvrbo|homeaway/.test(domain)) return "vrbo";
  return /\bbooking (?:com|partner|verif|hotel|support|secure|extranet|confirm)/.test(domain) ? "booking" : null;
}

/** An address of a provider whose addresses show nothing of who has them. */
export function isFreeMail(address: string): boolean {
  return FREE_MAIL.test(domainOf(address));
}

export function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf("@") + 1)
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, "");
}

/** `airbnb.*` stands for its country domains: `airbnb.de`, `airbnb.co.uk`, `airbnb.com.ar`. */
function belongsTo(domain: string, known: string): boolean {
  if (!known.endsWith(".*")) return domain === known || domain.endsWith(`.${known}`);
  const name = known.slice(0, -2);
  return new RegExp(`(?:^|\\.)${name}\\.(?:[a-z]{2}|com?\\.[a-z]{2})$`).test(domain);
}
