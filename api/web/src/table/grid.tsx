/** The cells: only rows in sight are drawn. The grid keeps the focus and says which cell is active. */

import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { t } from "../catalogue/index.ts";
import { formatted, parsed } from "./cells.ts";
import { type Area, bounds, cellsOf, cleared, held, type Place, type Sheet, withCell, withCells } from "./sheet.ts";

const HEIGHT = 32;
const BEYOND = 6;

type Props = {
  sheet: Sheet;
  area: Area;
  marked: ReadonlySet<number>;
  select(area: Area): void;
  edit(sheet: Sheet): void;
  told(words: string): void;
};

export function Grid({ sheet, area, marked, select, edit, told }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [top, scroll] = useState(0);
  const [tall, measure] = useState(640);
  const [typed, type] = useState<string | null>(null);
  const dragging = useRef(false);
  const active = area.to;
  const { top: first, bottom: last, left, right } = bounds(area);
  const columns = useMemo(() => widths(sheet), [sheet.columns]);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() => measure(element.clientHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  // The active cell is kept in sight: its row first, as only then is it drawn.
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const at = active.row * HEIGHT;
    const room = element.clientHeight - 2 * HEIGHT;
    if (at < element.scrollTop) element.scrollTop = at;
    else if (at > element.scrollTop + room) element.scrollTop = at - room;
  }, [active.row]);
  useEffect(() => {
    document.getElementById(cellId(active))?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active]);

  function go(place: Place, stretch: boolean) {
    const to = held(sheet, place);
    select({ from: stretch ? area.from : to, to });
  }

  function commit(next?: Place) {
    if (typed !== null) edit(withCell(sheet, active, typed));
    type(null);
    frame.current?.focus();
    if (next) go(next, false);
  }

  function step(event: React.KeyboardEvent): Place | null {
    const onward = document.documentElement.dir === "rtl" ? -1 : 1;
    const page = Math.max(1, Math.floor(tall / HEIGHT) - 2);
    const whole = event.ctrlKey || event.metaKey;
    switch (event.key) {
      case "ArrowDown":
        return { ...active, row: whole ? sheet.rows.length - 1 : active.row + 1 };
      case "ArrowUp":
        return { ...active, row: whole ? 0 : active.row - 1 };
      case "ArrowRight":
        return { ...active, column: active.column + onward };
      case "ArrowLeft":
        return { ...active, column: active.column - onward };
      case "PageDown":
        return { ...active, row: active.row + page };
      case "PageUp":
        return { ...active, row: active.row - page };
      case "Home":
        return { row: whole ? 0 : active.row, column: 0 };
      case "End":
        return { row: whole ? sheet.rows.length - 1 : active.row, column: sheet.columns.length - 1 };
      default:
        return null;
    }
  }

  function press(event: React.KeyboardEvent) {
    if (typed !== null || sheet.rows.length === 0) return;
    const next = step(event);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (next !== null) go(next, event.shiftKey);
    else if (event.key === "Enter" || event.key === "F2") type(sheet.rows[active.row]?.[active.column] ?? "");
    else if (event.key === "Delete" || event.key === "Backspace") edit(cleared(sheet, area));
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
      select({ from: { row: 0, column: 0 }, to: held(sheet, { row: Infinity, column: Infinity }) });
    } else if (plain && event.key.length === 1) type(event.key);
    else return;
    event.preventDefault();
  }

  function leaveCell(event: React.KeyboardEvent) {
    event.stopPropagation();
    if (event.key === "Escape") {
      type(null);
      frame.current?.focus();
    } else if (event.key === "Enter") commit({ ...active, row: active.row + 1 });
    else if (event.key === "Tab") commit({ ...active, column: active.column + (event.shiftKey ? -1 : 1) });
    else return;
    event.preventDefault();
  }

  function copy(event: React.ClipboardEvent, cut: boolean) {
    if (typed !== null) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", formatted(cellsOf(sheet, area), "\t"));
    if (cut) edit(cleared(sheet, area));
  }

  function paste(event: React.ClipboardEvent) {
    if (typed !== null) return;
    event.preventDefault();
    const cells = parsed(event.clipboardData.getData("text/plain"), "\t");
    if (cells.length === 0) return;
    const one = cells.length === 1 && cells[0]?.length === 1 ? cells[0][0] : undefined;
    // One value fills all that is selected; several stand from its first cell on.
    const filling = one === undefined ? cells : cellsOf(sheet, area).map((row) => row.map(() => one));
    const result = withCells(sheet, { row: first, column: left }, filling);
    edit(result.sheet);
    const across = Math.max(...filling.map((row) => row.length));
    // The first cell stays the active one, so that the view does not run away to the last.
    const from = held(result.sheet, { row: first + filling.length - 1, column: left + across - 1 });
    select({ from, to: { row: first, column: left } });
    told([t("table.pasted", { rows: filling.length }), result.cut > 0 ? t("table.cut", { n: result.cut }) : ""].join(" "));
  }

  /** The cell under the pointer, by what is drawn there. */
  function pointed(event: React.MouseEvent): Place | null {
    const cell = (event.target as HTMLElement).closest<HTMLElement>("[data-column]");
    const row = cell?.parentElement?.dataset.row;
    return cell && row !== undefined ? { row: Number(row), column: Number(cell.dataset.column) } : null;
  }

  const begin = Math.max(0, Math.floor(top / HEIGHT) - BEYOND);
  const end = Math.min(sheet.rows.length, Math.ceil((top + tall) / HEIGHT) + BEYOND);
  const track = { gridTemplateColumns: columns };
  return (
    <div
      ref={frame}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={t("table")}
      aria-describedby="table-help"
      aria-rowcount={sheet.rows.length + 1}
      aria-colcount={sheet.columns.length + 1}
      aria-multiselectable
      aria-activedescendant={sheet.rows.length > 0 && typed === null ? cellId(active) : undefined}
      onScroll={(event) => scroll(event.currentTarget.scrollTop)}
      onKeyDown={press}
      onCopy={(event) => copy(event, false)}
      onCut={(event) => copy(event, true)}
      onPaste={paste}
      onMouseDown={(event) => {
        const place = pointed(event);
        if (place === null || (event.target as HTMLElement).tagName === "INPUT") return;
        if (typed !== null) commit();
        dragging.current = true;
        go(place, event.shiftKey);
      }}
      onMouseOver={(event) => {
        const place = dragging.current && event.buttons === 1 ? pointed(event) : null;
        if (place !== null) go(place, true);
      }}
      onMouseUp={() => void (dragging.current = false)}
      onDoubleClick={(event) => pointed(event) && type(sheet.rows[active.row]?.[active.column] ?? "")}
    >
      <div role="rowgroup" className="head">
        <div role="row" aria-rowindex={1} className="line" style={track}>
          <span role="columnheader" aria-colindex={1}>
            {t("table.row")}
          </span>
          {sheet.columns.map((name, column) => (
            <span role="columnheader" aria-colindex={column + 2} key={name}>
              {name}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="body" style={{ height: sheet.rows.length * HEIGHT }}>
        {sheet.rows.slice(begin, end).map((cells, offset) => {
          const index = begin + offset;
          const here = active.row === index;
          return (
            <Row
              key={index}
              cells={cells}
              columns={sheet.columns}
              index={index}
              track={columns}
              left={index >= first && index <= last ? left : -1}
              right={index >= first && index <= last ? right : -1}
              active={here ? active.column : -1}
              typed={here ? typed : null}
              wrong={marked.has(index)}
              type={type}
              press={here ? leaveCell : null}
              leave={here ? commit : null}
            />
          );
        })}
      </div>
    </div>
  );
}

type RowProps = {
  cells: readonly string[];
  columns: readonly string[];
  index: number;
  track: string;
  left: number;
  right: number;
  active: number;
  typed: string | null;
  wrong: boolean;
  type(text: string): void;
  press: ((event: React.KeyboardEvent) => void) | null;
  leave: (() => void) | null;
};

const Row = memo(function Row({ cells, columns, index, track, left, right, active, typed, wrong, type, press, leave }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={wrong ? "line wrong" : "line"}
      data-row={index}
      style={{ gridTemplateColumns: track, top: index * HEIGHT }}
    >
      <span role="rowheader" aria-colindex={1}>
        {index + 1}
      </span>
      {columns.map((name, column) => {
        const chosen = column >= left && column <= right;
        const here = column === active;
        return (
          <span
            key={name}
            role="gridcell"
            id={here ? cellId({ row: index, column }) : undefined}
            aria-colindex={column + 2}
            aria-selected={chosen}
            data-column={column}
            className={here ? "active" : undefined}
          >
            {here && typed !== null ? (
              <input
                autoFocus
                aria-label={t("table.cell", { column: name, row: index + 1 })}
                value={typed}
                onChange={(event) => type(event.target.value)}
                onKeyDown={press ?? undefined}
                onBlur={() => leave?.()}
              />
            ) : (
              cells[column]
            )}
          </span>
        );
      })}
    </div>
  );
});

function cellId({ row, column }: Place): string {
  return `cell-${row}-${column}`;
}

/** Widths of the columns by what stands in the first rows. */
function widths(sheet: Sheet): string {
  const seen = sheet.rows.slice(0, 100);
  const each = sheet.columns.map((name, column) => {
    const longest = Math.max(name.length, ...seen.map((row) => row[column]?.length ?? 0));
    return `${Math.max(5, Math.min(24, longest * 0.6 + 1.5))}rem`;
  });
  return ["4rem", ...each].join(" ");
}
