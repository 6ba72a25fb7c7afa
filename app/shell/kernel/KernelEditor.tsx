// The kernel editor: CodeMirror, loaded only when someone edits. Ctrl Enter applies; a failed line is marked.

import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { wgslLanguage } from './wgsl-language.ts';

export interface KernelEditorProps {
  file: string;
  /** Text to start from; a new `file` starts anew. */
  text: string;
  /** Id of the element that says how the keyboard leaves it. */
  hint: string;
  /** Whether it takes the focus when it appears. */
  focus: boolean;
  onChange(text: string): void;
  onApply(): void;
  /** 1-based line to mark as wrong. */
  badLine?: number;
}

const setBadLine = StateEffect.define<number | null>();

const badLineField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, changes, state }) {
    let next = marks.map(changes);
    for (const effect of effects) {
      if (!effect.is(setBadLine)) continue;
      const line = effect.value;
      const known = line !== null && line >= 1 && line <= state.doc.lines;
      next = known
        ? Decoration.set([Decoration.line({ class: 'cm-bad-line' }).range(state.doc.line(line).from)])
        : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--surface)', color: 'var(--ink)', fontSize: 'var(--text-s)' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', lineHeight: '1.5' },
  '.cm-gutters': { backgroundColor: 'var(--surface-2)', color: 'var(--ink-2)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--surface-3)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-bad-line': { backgroundColor: 'var(--bad-soft)', boxShadow: 'inset 3px 0 var(--bad)' },
});

export function KernelEditor({ file, text, hint, focus, onChange, onApply, badLine }: KernelEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const latest = useRef({ text, focus, onChange, onApply });
  latest.current = { text, focus, onChange, onApply };

  // The editor owns the text while it is open: only another file starts it anew.
  useEffect(() => {
    if (!host.current) return;
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          indentUnit.of('  '),
          wgslLanguage,
          badLineField,
          look,
          EditorView.contentAttributes.of({ 'aria-label': `Source of ${file}`, 'aria-describedby': hint }),
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                latest.current.onApply();
                return true;
              },
            },
            indentWithTab,
            ...defaultKeymap,
            ...historyKeymap,
            ...searchKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    if (latest.current.focus) view.focus();
    return () => view.destroy();
  }, [file, hint]);

  useEffect(() => {
    const view = editor.current;
    if (!view) return;
    const effects: StateEffect<unknown>[] = [setBadLine.of(badLine ?? null)];
    if (badLine !== undefined && badLine >= 1 && badLine <= view.state.doc.lines) {
      effects.push(EditorView.scrollIntoView(view.state.doc.line(badLine).from, { y: 'center' }));
    }
    view.dispatch({ effects });
  }, [badLine]);

  return <div ref={host} className="kernel-editor" />;
}
