using FhirMg.Reasoning.Reading;
using FhirMg.Screening.Facts;
using FhirMg.Screening.Inputs;
using FhirMg.Screening.Results;

namespace FhirMg.Screening.Running;

/// <summary>One run from its first line to its results.</summary>
internal sealed class Run : IDisposable
{
    private const string Staging = ".screening";

    private static readonly TimeSpan ShownEvery = TimeSpan.FromMilliseconds(200);
    private readonly ScreeningOptions _options;
    private readonly IProgress<ScreeningProgress>? _progress;
    private readonly string _staging;
    private readonly string _knowledge;
    private readonly FaultBook _faults = new();
    private readonly List<ReadFault> _inputFaults = [];
    private readonly List<PopulationFile> _files = [];
    private readonly LabelTable _labels;
    private readonly FactStore _store;
    private readonly Scan _scan;
    private bool _isSaved;

    public Run(ScreeningOptions options, IProgress<ScreeningProgress>? progress)
    {
        (_options, _progress) = (options, progress);
        _staging = Path.Combine(options.OutDirectory, Staging);
        _knowledge = KnowledgePrint.Of(options.Knowledge);
        Directory.CreateDirectory(_staging);
        var state = options.Resume ? RunState.Load(StatePath) : null;
        if (state is null && File.Exists(StatePath))
        {
            File.Delete(StatePath);
        }

        var paths = PopulationFiles.Find(options.Inputs, options.OutDirectory, _inputFaults);
        _files.AddRange(paths.Select((path, number) => new PopulationFile(number, path, options.LongestLine, _faults.Add)));
        if (state is not null)
        {
            Continue(state);
        }

        _labels = state is null ? new() : new(state.Labels);
        var memory = MemoryShares.Of(options);
        _store = new(Path.Combine(_staging, "facts.bin"), options.Threads, state?.Segments ?? [], memory.Facts);
        _scan = new(options, _files, _store, _labels, _faults, memory.Facts, Save);
        _scan.Continue(state?.Resources ?? 0, state?.Relevant ?? 0);
        WasResumed = state is not null;
    }

    private bool WasResumed { get; }

    private string StatePath => Path.Combine(_staging, "state.json");

    public ScreeningOutcome ToItsEnd(Func<ResultFolder, IReadOnlyList<IResultSink>> sinks, CancellationToken cancellation)
    {
        if (_files.Count == 0)
        {
            throw new ScreeningException(_inputFaults.Count == 0 ? "there is nothing to screen: name files or directories with NDJSON"
                : string.Join('\n', _inputFaults));
        }

        Read(cancellation);
        var outcome = Evaluate(sinks, cancellation);
        _store.Dispose();
        Directory.Delete(_staging, recursive: true);
        return outcome;
    }

    public void Dispose()
    {
        _scan.Dispose();
        _files.ForEach(file => file.Dispose());
        _store.Dispose();
        if (!_isSaved && Directory.Exists(_staging) && !File.Exists(StatePath))
        {
            Directory.Delete(_staging, recursive: true);
        }
    }

    private void Continue(RunState state)
    {
        if (state.Version != RunState.CurrentVersion || state.Knowledge != _knowledge)
        {
            throw new ScreeningException($"{_staging}: the earlier run was made with other knowledge or another version of fhirmg. Run again without --resume to begin anew");
        }

        if (!state.Files.Select(file => file.Path).SequenceEqual(_files.Select(file => file.Path), StringComparer.Ordinal))
        {
            throw new ScreeningException($"{_staging}: the earlier run had other input files. Name the same ones, or run again without --resume to begin anew");
        }

        foreach (var (file, saved) in _files.Zip(state.Files))
        {
            if (saved.Path == PopulationFiles.StandardInput)
            {
                throw new ScreeningException("standard input cannot be read again from where it was. Run again without --resume to begin anew");
            }

            if (saved.Lines > 0 && (saved.Size != file.Size || saved.Modified != file.Modified))
            {
                throw new ScreeningException($"{file.Name}: it has changed since the earlier run read it. Run again without --resume to begin anew");
            }

            file.Continue(saved.Position, saved.Lines, saved.IsDone, saved.Resources);
        }

        _faults.Continue(state.Faults, state.FaultCount);
        _isSaved = true;
    }

    private void Read(CancellationToken cancellation)
    {
        long? total = _files.Any(file => file.Path == PopulationFiles.StandardInput) ? null : _files.Sum(file => file.Size);
        using (new Timer(_ => Report(ScreeningPhase.Reading, _files.Sum(file => file.RawPosition), total, 0), null, ShownEvery, ShownEvery))
        {
            try
            {
                _scan.Run(cancellation);
            }
            catch (OperationCanceledException)
            {
                Save();
                throw;
            }
        }

        if (_isSaved)
        {
            Save();
            _store.Trim();
        }

        Report(ScreeningPhase.Reading, total ?? 0, total, 0);
    }

    private void Report(ScreeningPhase phase, long done, long? total, long patients) => _progress?.Report(new(phase, done, total, _scan.Resources, patients));

    private void Save()
    {
        _store.Spill();
        new RunState
        {
            Version = RunState.CurrentVersion,
            Knowledge = _knowledge,
            Files = [.. _files.Select(file => new SavedFile(file.Path, file.Size, file.Modified, file.Position, file.Lines, file.IsDone, [.. file.Resources]))],
            Segments = _store.Segments,
            Labels = _labels.Labels,
            Faults = _faults.Save(),
            FaultCount = _faults.Count,
            Resources = _scan.Resources,
            Relevant = _scan.Relevant,
        }.Save(StatePath);
        _isSaved = true;
    }

    private ScreeningOutcome Evaluate(Func<ResultFolder, IReadOnlyList<IResultSink>> sinks, CancellationToken cancellation)
    {
        var folder = new ResultFolder(_options.OutDirectory, Path.Combine(_staging, "results"));
        var evaluating = new Evaluating(_options, _files, _store, _labels, Path.Combine(_staging, "versions.bin"));
        ScreeningOutcome outcome;
        using (var own = new OwnResults(folder))
        {
            var others = sinks(folder);
            try
            {
                IReadOnlyList<ReadFault> faults = [.. _inputFaults, .. _faults.First];
                foreach (var fault in faults)
                {
                    own.Add(new SetAsideRow(fault.Source, fault.Line, "", "unreadable", "", $"{fault.Problem}. {fault.Advice}"));
                }

                evaluating.Run(own, others, () => Report(ScreeningPhase.Evaluating, evaluating.Patients, null, evaluating.Patients), cancellation);
                outcome = new()
                {
                    WasResumed = WasResumed,
                    Files = _files.Count,
                    Bytes = _files.Sum(file => file.Position),
                    Resources = _scan.Resources,
                    Relevant = _scan.Relevant,
                    Patients = evaluating.Patients,
                    Replaced = evaluating.Replaced,
                    WithoutSubject = evaluating.WithoutSubject,
                    SetAside = own.SetAside,
                    Faults = faults,
                    FaultCount = _inputFaults.Count + _faults.Count,
                };
                foreach (var sink in others)
                {
                    sink.Complete(outcome);
                }
            }
            finally
            {
                Close([.. others]);
            }
        }

        folder.Publish();
        return outcome;
    }

    // Each, also when another cannot write its last bytes.
    private static void Close(ReadOnlySpan<IResultSink> sinks)
    {
        if (sinks.IsEmpty)
        {
            return;
        }

        try
        {
            sinks[0].Dispose();
        }
        finally
        {
            Close(sinks[1..]);
        }
    }
}
