// A list to choose from that gives the focus back to the picture once a pointer has chosen: the arrows, and a clicker's keys, step on, where
// a list that kept the focus would take its next entry. Who chooses by keys stays in it.

import { type ComponentProps, useRef } from 'react';

type PickSelectProps = Omit<ComponentProps<'select'>, 'onChange' | 'onPointerDown' | 'onKeyDown'> & {
  onPick(value: string): void;
};

export function PickSelect({ onPick, ...props }: PickSelectProps) {
  const byPointer = useRef(false);
  return (
    <select
      {...props}
      onPointerDown={() => {
        byPointer.current = true;
      }}
      onKeyDown={() => {
        byPointer.current = false;
      }}
      onChange={({ target }) => {
        onPick(target.value);
        if (byPointer.current) target.blur();
      }}
    />
  );
}
