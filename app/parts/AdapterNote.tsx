// Which device a time was measured on; a software adapter is named as such wherever a time stands.

export function AdapterNote({ label, isSoftware }: { label: string; isSoftware: boolean }) {
  return (
    <p className={isSoftware ? 'panel__warning' : 'panel__note'}>
      {label}
      {isSoftware && ': a software adapter. Its times say nothing about GPUs.'}
    </p>
  );
}
