namespace FhirMg.Reasoning.Tests.Architecture;

/// <summary>A literal that looks like clinical knowledge and is something else.</summary>
/// <param name="Path">A file, or a folder with a slash at its end.</param>
/// <param name="Literal">The literal; <c>*</c> for any number.</param>
/// <param name="Reason">What it is.</param>
internal sealed record AllowedLiteral(string Path, string Literal, string Reason)
{
    public bool Allows(string file, string literal) =>
        (file == Path || (Path.EndsWith('/') && file.StartsWith(Path, StringComparison.Ordinal)))
        && (literal == Literal || (Literal == "*" && decimal.TryParse(literal, System.Globalization.CultureInfo.InvariantCulture, out _)));
}

/// <summary>The exceptions, each with its reason.</summary>
internal static class AllowedLiterals
{
    public static IReadOnlyList<AllowedLiteral> All { get; } =
    [
        new("src/", "2", "a pair, a half, the second: too small to be told apart from a count"),
        new("src/FhirMg.Reasoning/Knowing/Loading/ScaleLoader.cs", "12", "months of a year"),
        new("src/FhirMg.Reasoning/Knowing/Loading/ValueSetLoader.cs", "injection", "the end of an extension's url"),
        new("src/FhirMg.Reasoning/Knowing/NameStems.cs", "4", "letters that stems are looked up by, and a flag"),
        new("src/FhirMg.Reasoning/Proposing/ProposalWriter.cs", "1000", "templates that are kept"),
        new("src/FhirMg.Reasoning/Proposing/ProposalBundle.cs", "3", "parts of a version number"),
        new("src/FhirMg.Reasoning/Reading/Age.cs", "12", "months of a year"),
        new("src/FhirMg.Reasoning/Reading/Elements/JsonCursor.cs", "10", "the base of numbers"),
        new("src/FhirMg.Reasoning/Reading/Elements/JsonCursor.cs", "18", "digits that a long surely holds"),
        new("src/FhirMg.Reasoning/Reading/Elements/JsonGrammar.cs", "6", "bytes of an escape by number"),
        new("src/FhirMg.Reasoning/Reading/Elements/Labels.cs", "120", "bytes of a label that are shown"),
        new("src/FhirMg.Reasoning/Reading/FhirTimeParser.cs", "4", "digits of a year"),
        new("src/FhirMg.Reasoning/Reading/FhirTimeParser.cs", "10", "letters of a date, and tenths of a second"),
        new("src/FhirMg.Reasoning/Reading/FhirTimeParser.cs", "12", "months of a year"),
        new("src/FhirMg.Reasoning/Reading/FhirTimeParser.cs", "14", "the farthest time zone of FHIR's grammar"),
        new("src/FhirMg.Reasoning/Reading/FhirTimeParser.cs", "60", "minutes and seconds"),
        new("src/FhirMg.Reasoning/Reading/FhirTimeParser.cs", "T00", "the form of a time"),
        new("src/FhirMg.Reasoning/Reading/OutcomeReader.cs", "300", "letters of a server's message that are shown"),
        new("src/FhirMg.Reasoning/Reading/Populations/", "*", "bits, bytes and digits of records, and sizes of tables"),
        new("src/FhirMg.Reasoning/Reporting/CaseView.cs", "mmol/L", "the code of the unit that the core reckons in"),
        new("src/FhirMg.Reasoning/Reporting/SerumWindow.cs", "*", "steps of a scale, months of a year, and the air around a picture"),
        new("src/FhirMg.Reasoning/Reporting/Number.cs", "4", "decimals that people are shown"),
        new("src/FhirMg.Fhir/Http/", "*", "waits, retries and budgets of HTTP"),
        new("src/FhirMg.Fhir/Servers/", "*", "deadlines, limits and states of connections, and HTTP statuses"),
        new("src/FhirMg.Fhir/Tokens/", "*", "lives of tokens, sizes of keys, tries and deadlines"),
        new("src/FhirMg.Fhir/Pulling/Readable.cs", "4", "how often a search is read at most"),
        new("src/FhirMg.Fhir/Writing/Deciding.cs", "3", "tries of a decision that meets a conflict"),
        new("src/FhirMg.Fhir/Pulling/PatientListing.cs", "3", "how often a listing is begun at most"),
        new("src/FhirMg.Cli/Application.cs", "300", "milliseconds that a stopped program may take to end"),
        new("src/FhirMg.Cli/Application.cs", "60", "seconds that a stopped screening may take to keep what it read"),
        new("src/FhirMg.Cli/Application.cs", "magnesium", "what the program is about, in its help"),
        new("src/FhirMg.Cli/Evaluating/EvaluateOptions.cs", "magnesium", "what the plot shows, in the help"),
        new("src/FhirMg.Cli/Evaluating/", "10", "resources that a message names"),
        new("src/FhirMg.Cli/Inputs/InputLoader.cs", "3", "files that a message names"),
        new("src/FhirMg.Cli/Knowing/ValueSetTable.cs", "injection", "the end of an extension's url"),
        new("src/FhirMg.Cli/Plotting/", "*", "places, sizes and strokes of a drawing"),
        new("src/FhirMg.Cli/Screening/", "*", "seconds of a display, faults that are shown, and limits of options"),
        new("src/FhirMg.Cli/Screening/ScreenOptions.cs", "1g", "an example of a size of memory, in the help"),
        new("src/FhirMg.Cli/Screening/PopulationOptions.cs", "N", "the name of a number in the help"),
        new("src/FhirMg.Cli/Screening/ScreenOptions.cs", "N", "the name of a number in the help"),
        new("src/FhirMg.Cli/Servers/", "*", "deadlines, tries and limits of calls"),
        new("src/FhirMg.Cli/Servers/ServerOptions.cs", "N", "the name of a number in the help"),
        new("src/FhirMg.Reasoning/Reporting/ValuePhrases.cs", "mmol/L", "the label of the unit that the core reckons in"),
        new("src/FhirMg.Reasoning/Reporting/ValuePhrases.cs", "5", "letters of a time of day"),
        new("src/FhirMg.Reasoning/Reporting/ValuePhrases.cs", "10", "letters of a date"),
        new("src/FhirMg.Reasoning/Reporting/ValuePhrases.cs", "24", "ages that are said in months"),
        new("src/FhirMg.Service/Launch/", "*", "lives of launches and keys, and letters that are shown"),
        new("src/FhirMg.Service/Sessions/", "*", "lives of sessions, cookies and tokens"),
        new("src/FhirMg.Service/Access/", "*", "sizes of batches and queues, and tries"),
        new("src/FhirMg.Service/Configuration/", "*", "deadlines, limits, lifetimes and retention by default"),
        new("src/FhirMg.Service/Errors/", "*", "HTTP statuses, waits and event ids"),
        new("src/FhirMg.Service/Health/", "*", "how often servers are asked"),
        new("src/FhirMg.Service/Hosting/", "*", "ports, statuses, waits and rates"),
        new("src/FhirMg.Service/Observability/", "*", "bounds of histograms"),
        new("src/FhirMg.Service/Store/", "*", "intervals, and event ids"),
        new("src/FhirMg.Cli/Terminal.cs", "60", "columns of the narrowest table"),
        new("src/FhirMg.Sandbox/", "*", "HTTP statuses, sizes, waits and lives of tokens of somebody else's server"),
        new("src/FhirMg.Screening/Bulk/", "*", "waits, tries and limits of exports and downloads"),
        new("src/FhirMg.Screening/Delivery/", "*", "rates, tries and waits of writing"),
        new("src/FhirMg.Screening/Facts/", "*", "lanes and bytes of the store of facts"),
        new("src/FhirMg.Screening/Inputs/", "*", "bytes of buffers and marks at the beginning of files"),
        new("src/FhirMg.Screening/Running/", "*", "shares of memory and milliseconds between two looks"),
        new("src/FhirMg.Screening/ScreeningOutcome.cs", "1000", "faults that are named one by one"),
        new("src/FhirMg.Screening/Study/AmbiguitySearch.cs", "20", "what it costs to hide a total"),
        new("src/FhirMg.Screening/Study/CohortDimensions.cs", "*", "bounds of the age bands that tables count by"),
        new("src/FhirMg.Screening/Study/CohortSink.cs", "5", "the smallest count that is shown"),
        new("src/FhirMg.Screening/Study/Figures.cs", "*", "how many figures there are"),
        new("src/FhirMg.Screening/Study/Page/", "*", "places, sizes, ticks and quantiles of drawings"),
        new("src/FhirMg.Screening/Study/Rounded.cs", "*", "digits of estimates"),
        new("src/FhirMg.Screening/Study/Statistics/", "*", "confidence, tolerances and the expected counts that choose a method"),
        new("src/FhirMg.Screening/Study/SummaryJson.cs", "*", "quantiles and decimals"),
        new("src/FhirMg.Screening/Study/Wording.cs", "mmol/L", "the label of the unit that the core reckons in"),
        new("src/FhirMg.Screening/Worklist/WorklistRow.cs", "*", "places of statuses in the worklist's order"),
        new("src/FhirMg.Service/App/", "*", "places and sizes of a drawing, lengths of fields, and HTTP statuses"),
        new("src/FhirMg.Service/Evaluating/PatientEvaluation.cs", "4", "merges of a patient that are followed"),
        new("src/FhirMg.Service/Hooks/Callers/", "*", "lives of keys and tokens, and limits of their checks"),
        new("src/FhirMg.Service/Hooks/Cards/CardDeck.cs", "5", "cards that are shown at most"),
        new("src/FhirMg.Service/Hooks/Cards/CardId.cs", "*", "bits of a uuid"),
        new("src/FhirMg.Service/Hooks/Cards/CardWords.cs", "10", "letters of a date"),
        new("src/FhirMg.Service/Hooks/Prefetch/PatientDataSource.cs", "4", "merges of a patient that are followed"),
        new("src/FhirMg.Service/Hooks/Cards/DetailText.cs", "5", "resources that a text names"),
        new("src/FhirMg.Service/Hooks/Feedback/", "*", "entries of a request, waits, and the order of classes"),
        new("src/FhirMg.Service/Operations/", "*", "parts of a version number, and bytes of a mark"),
        new("src/FhirMg.Service/Screenings/", "*", "waits and leases of jobs"),
    ];
}
