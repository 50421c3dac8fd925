/** Names of months in the languages mails come in (en de fr es it nl pt), folded, by month 1 to 12. */
const MONTH_NAMES: readonly string[] = [
  "january jan januar janner janvier janv enero ene gennaio gen januari janeiro",
  "february feb febr februar fevrier fevr fev febrero febbraio februari fevereiro",
  "march mar mars marz mrz marzo maart mrt marco",
  "april apr avril avr abril abr aprile",
  "may mai mayo maggio mag mei maio",
  "june jun juni juin junio giugno giu junho",
  "july jul juli juillet juil julio luglio lug julho",
  "august aug aout agosto ago augustus",
  "september sep sept septembre septiembre set settembre sett setembro",
  "october oct oktober okt octobre octubre ottobre ott outubro out",
  "november nov novembre noviembre novembro",
  "december dec dezember dez decembre diciembre dic dicembre dezembro",
];

/** Names of days, folded, by day 0 (Sunday) to 6. */
const DAY_NAMES: readonly string[] = [
  "sunday sun sonntag so son dimanche dim domingo dom domenica zondag zo",
  "monday mon montag mo lundi lun lunes lunedi maandag ma segunda seg segunda-feira",
  "tuesday tue tues dienstag di die mardi mar martes martedi dinsdag terca ter terca-feira",
  "wednesday wed mittwoch mi mercredi mer miercoles mie mercoledi woensdag wo quarta qua quarta-feira",
  "thursday thu thur thurs donnerstag do don jeudi jeu jueves jue giovedi gio donderdag quinta qui quinta-feira",
  "friday fri freitag fr vendredi ven viernes vie venerdi vrijdag vr sexta sex sexta-feira",
  "saturday sat samstag sonnabend sa sam samedi sabado sab sabato zaterdag za",
];

export const MONTHS: ReadonlyMap<string, number> = byName(MONTH_NAMES, 1);
export const WEEKDAYS: ReadonlyMap<string, number> = byName(DAY_NAMES, 0);

function byName(names: readonly string[], first: number): Map<string, number> {
  return new Map(names.flatMap((line, index) => line.split(" ").map((name) => [name, index + first] as const)));
}
