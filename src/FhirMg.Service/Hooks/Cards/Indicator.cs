namespace FhirMg.Service.Hooks.Cards;

/// <summary>How urgent a card is.</summary>
internal enum Indicator
{
    /// <summary><c>critical</c>: to be looked at at once.</summary>
    Critical,

    /// <summary><c>warning</c>.</summary>
    Warning,

    /// <summary><c>info</c>.</summary>
    Info,
}
