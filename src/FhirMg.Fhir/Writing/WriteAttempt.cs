namespace FhirMg.Fhir.Writing;

/// <summary>One attempt to carry out a plan: what came of it, and whether to look again.</summary>
internal sealed class WriteAttempt
{
    private readonly Dictionary<WriteStep, WriteStepResult> _results = new(ReferenceEqualityComparer.Instance);

    /// <summary>What became of the steps tried.</summary>
    public IEnumerable<WriteStepResult> Results => _results.Values;

    /// <summary>Whether somebody else was faster, so that what is there must be looked at again.</summary>
    public bool HasConflict { get; set; }

    /// <summary>The server's words where it refused a type; else null.</summary>
    public (string Type, string Said)? Refusal { get; set; }

    /// <summary>Whether something was found to be there twice, so that others may refer to the one that does not stand.</summary>
    public bool HasTwins { get; set; }

    /// <summary>Whether the attempt was broken off.</summary>
    public bool IsOver => HasConflict || Refusal is not null || Problem is not null;

    /// <summary>Why the attempt was broken off without an answer; else null.</summary>
    public string? Problem { get; set; }

    public WriteStepResult? this[WriteStep step] => _results.GetValueOrDefault(step);

    public void Add(WriteStep step, WriteOutcome outcome, string? reference, string? problem = null) => _results[step] = new(step, outcome, reference, problem);

    /// <summary>Takes in an answer that is not success.</summary>
    public void Stop(WriteStep step, WriteAnswer answer)
    {
        switch (answer.Kind)
        {
            case Answered.Conflict:
                HasConflict = true;
                break;
            case Answered.Refused:
                Refusal = (step.Type, $"the server refuses a {step.Type}: {answer.Said}");
                break;
            default:
                Problem = answer.Said;
                break;
        }
    }
}
