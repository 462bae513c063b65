// Names of functions: `shop.views.search`, `std::map<int, a::b>::insert(int)`.

/** What is read as one piece, so that its signs are not taken for separators or brackets. */
const PIECES = /operator\s*(?:->\*?|<=>|<<=?|>>=?|[<>]=?|\(\))|->|::|[.<>()[\]]/g;

/** Splits a name into what it is in, with the separator, and its own name. A separator within brackets
 * belongs to an argument. */
export function split_name(name: string): [string, string] {
  let depth = 0;
  let own = 0;
  for (const { 0: piece, index } of name.matchAll(PIECES)) {
    const end = index + piece.length;
    if ("<([".includes(piece)) ++depth;
    else if (">)]".includes(piece)) depth = Math.max(depth - 1, 0);
    else if ((piece === "." || piece === "::") && depth === 0 && index > 0 && end < name.length) own = end;
  }
  return [name.slice(0, own), name.slice(own)];
}
