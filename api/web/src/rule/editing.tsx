/** What every field of the form shares: the content, how to change it, and what is wrong with it. */

import { createContext, useContext } from "react";
import type { Diagnostic } from "../contract.ts";
import { at, dotted, isTable, type Path, type Plain, put, type Table } from "../tree.ts";

export type Editing = {
  content: Table;
  diagnostics: readonly Diagnostic[];
  /** Change the content; changes of one field (*of*) without a pause are one step of undoing. */
  edit(change: (content: Table) => Table, of?: string): void;
};

export const EditingContext = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const found = useContext(EditingContext);
  if (found === null) throw new Error("a field stands outside the form");
  return found;
}

/** The value at *path* and how to set it; `undefined` takes it away. */
export function useValue(path: Path): [Plain | undefined, (value: Plain | undefined) => void] {
  const { content, edit } = useEditing();
  return [at(content, path), (value) => edit((held) => put(held, path, value), dotted(path))];
}

/** What is wrong at *path*, and with *deep* below it too. */
export function useFaults(path: Path, deep = true): readonly Diagnostic[] {
  const { diagnostics } = useEditing();
  return diagnostics.filter(
    (each) =>
      path.every((step, index) => each.path[index] === step) && (deep || each.path.length === path.length),
  );
}

export function text(value: Plain | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function list(value: Plain | undefined): Plain[] {
  return Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value];
}

export function table(value: Plain | undefined): Table {
  return isTable(value) ? value : {};
}

/** Bring the field at *path*, or the nearest around it, before the eyes and under the keyboard. */
export function goTo(root: ParentNode, path: Path): boolean {
  for (let length = path.length; length > 0; length -= 1) {
    const found = root.querySelector(`[data-path="${CSS.escape(dotted(path.slice(0, length)))}"]`);
    const inner = found?.querySelector<HTMLElement>("input, select, textarea, button");
    if (inner) {
      found?.scrollIntoView({ block: "center" });
      inner.focus();
      return true;
    }
  }
  return false;
}
