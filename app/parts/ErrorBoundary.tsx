// Keeps a fault in one part of the page from taking the rest down: names it and offers to draw the part again.

import { Component, type ReactNode } from 'react';
import { NotHere } from '../words/not-here.ts';

interface Props {
  /** What failed, as the user knows it: 'This view'. */
  what: string;
  /** A change of it clears the fault: another recording, another view. */
  resetKey?: unknown;
  /** Called when the user asks for another try. */
  onAgain?(): void;
  /** Called once for each fault. */
  onFault?(): void;
  /** Leads back to what was there before the fault; absent where there is nothing to go back to. */
  onBack?: (() => void) | undefined;
  children: ReactNode;
}

/** Characters of an error's own message. */
const MOST_SAID = 300;

interface State {
  error: Error | null;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch() {
    this.props.onFault?.();
  }

  override componentDidUpdate(before: Props) {
    if (this.state.error && before.resetKey !== this.props.resetKey) this.setState({ error: null });
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const { onBack } = this.props;
    return (
      <div className="notice bad" role="alert">
        <span>
          {error instanceof NotHere
            ? error.message
            : `${this.props.what} could not be drawn: ${error.message.slice(0, MOST_SAID)}`}
        </span>
        {onBack && (
          <button
            type="button"
            className="button"
            onClick={() => {
              onBack();
              this.setState({ error: null });
            }}
          >
            Back to what was there before
          </button>
        )}
        <button
          type="button"
          className="button"
          onClick={() => {
            this.props.onAgain?.();
            this.setState({ error: null });
          }}
        >
          Draw again
        </button>
      </div>
    );
  }
}
