/** The rule as TOML, with what is wrong at its lines.

 CodeMirror stands in a shadow root: there its styles are adopted style sheets, which the page's policy
 allows without a nonce. Tab leaves the text, as it leaves any field; undoing is that of the whole editor.
*/

import { defaultKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { type Diagnostic as Mark, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { t } from "../catalogue/index.ts";
import type { Diagnostic } from "../contract.ts";

const SEVERITY = { error: "error", warning: "warning", note: "info" } as const;

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.string, tags.number, tags.bool, tags.atom], color: "var(--link)" },
  { tag: tags.propertyName, color: "var(--ink)" },
  { tag: tags.keyword, fontWeight: "bold" },
]);

const LOOK = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--quiet)", borderRadius: "0.25rem" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", fontSize: "0.875rem", lineHeight: "1.5", maxHeight: "75vh" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderInlineStartColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--quiet)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--chosen) !important" },
  // The marks of the package are pictures in data: addresses, which the policy does not allow.
  ".cm-lint-marker": { content: "normal", width: "0.7em", height: "0.7em", borderRadius: "50%", marginBlockStart: "0.4em" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--stop)" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "var(--warn)" },
  ".cm-lint-marker-info": { content: "normal", backgroundColor: "var(--link)" },
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy 1px", textUnderlineOffset: "0.2em" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecorationColor: "var(--stop)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecorationColor: "var(--warn)" },
  ".cm-lintRange-info": { backgroundImage: "none", textDecorationColor: "var(--link)" },
  ".cm-lintRange-active": { backgroundColor: "var(--mark)" },
  ".cm-diagnostic": { whiteSpace: "pre-wrap" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--quiet)" },
});

type Props = { text: string; faults: readonly Diagnostic[]; write(text: string): void; undo(): void; redo(): void; at: { at: number } | null };

export function Toml({ text, faults, write, undo, redo, at }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const doors = useRef({ write, undo, redo });
  doors.current = { write, undo, redo };

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          drawSelection(),
          highlightActiveLine(),
          lintGutter(),
          StreamLanguage.define(toml),
          syntaxHighlighting(COLOURS),
          LOOK,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": t("tab.toml"), dir: "ltr", tabindex: "0" }),
          keymap.of([
            { key: "Mod-z", run: () => (doors.current.undo(), true), preventDefault: true },
            { key: "Mod-Shift-z", run: () => (doors.current.redo(), true), preventDefault: true },
            { key: "Mod-y", run: () => (doors.current.redo(), true), preventDefault: true },
            ...defaultKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            const own = update.transactions.some((each) => each.isUserEvent("input") || each.isUserEvent("delete") || each.isUserEvent("move"));
            if (update.docChanged && own) doors.current.write(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
    // The view lives as long as the field; what changes is brought to it below.
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const held = editor.state.doc.toString();
    if (held !== text) editor.dispatch({ changes: difference(held, text) });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    editor.dispatch(setDiagnostics(editor.state, faults.map((fault) => marked(editor.state, fault))));
  }, [faults, text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || at === null) return;
    const line = editor.state.doc.line(Math.max(1, Math.min(at.at, editor.state.doc.lines)));
    editor.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
    editor.focus();
  }, [at]);

  return <div className="toml" ref={host} />;
}

/** The one change that leads from *before* to *after*; the caret outside it stays where it is. */
function difference(before: string, after: string): { from: number; to: number; insert: string } {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

function marked(state: EditorState, fault: Diagnostic): Mark {
  const line = state.doc.line(Math.max(1, Math.min(fault.line, state.doc.lines)));
  const indent = /^\s*/.exec(line.text)?.[0].length ?? 0;
  const message = fault.help ? `${fault.message}\n${fault.help}` : fault.message;
  return { from: line.from + Math.min(indent, line.length), to: line.to, severity: SEVERITY[fault.severity], message };
}
