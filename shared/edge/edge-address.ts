/**
 * Where outsiders reach an edge. Behind one domain its name is the first part of the path; where each function has an
 * address of its own, the public address holds `{function}` in the name's place.
 */
export function edgeAddress(publicUrl: string, edge: string): string {
  return publicUrl.includes("{function}") ? publicUrl.replaceAll("{function}", edge) : `${publicUrl}/${edge}`;
}
