using Hl7.Fhir.Model;

namespace FhirMg.Service.Operations;

/// <summary>What went wrong, as FHIR says it.</summary>
internal static class Outcomes
{
    /// <summary>One error.</summary>
    public static OperationOutcome Error(OperationOutcome.IssueType code, string text) => Of(OperationOutcome.IssueSeverity.Error, code, text);

    /// <summary>Things that could not be read or done, beside an answer that stands.</summary>
    public static OperationOutcome Warnings(IEnumerable<string> texts) => new()
    {
        Issue = [.. texts.Select(text => Issue(OperationOutcome.IssueSeverity.Warning, OperationOutcome.IssueType.Incomplete, text))],
    };

    private static OperationOutcome Of(OperationOutcome.IssueSeverity severity, OperationOutcome.IssueType code, string text) => new() { Issue = [Issue(severity, code, text)] };

    private static OperationOutcome.IssueComponent Issue(OperationOutcome.IssueSeverity severity, OperationOutcome.IssueType code, string text) =>
        new() { Severity = severity, Code = code, Diagnostics = text };
}
