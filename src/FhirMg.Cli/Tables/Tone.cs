namespace FhirMg.Cli.Tables;

/// <summary>How much a text wants to be seen.</summary>
internal enum Tone
{
    Plain,
    Strong,
    Faint,
    Good,
    Caution,
    Alarm,
}
