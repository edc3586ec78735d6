using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Knowing;

/// <summary>The times, ages and counts that the rules turn on, read from the plan's parameters.</summary>
/// <param name="LookBack">How old a current result may be (IN-5).</param>
/// <param name="FutureTolerance">How far after <c>asOf</c> an exact time may lie (IN-5).</param>
/// <param name="FutureTolerancePartial">The same for a partial date or a time without zone (IN-5).</param>
/// <param name="AdministrationWindow">How long an administration makes a medicine current (IN-8).</param>
/// <param name="AdultAge">The age from which doses for adults hold (IN-6).</param>
/// <param name="YoungAge">Below it somebody counts as young (RISKG-1).</param>
/// <param name="PregnancyWindow">How long a recorded pregnancy counts (RISKG-1).</param>
/// <param name="MonthDays">Days of a month in a trend (STAT-3).</param>
/// <param name="PositiveCount">Yes answers that suggest deficiency (SYM-1).</param>
/// <param name="TherapyMonths">Calendar months after which therapy should have worked (RX-8).</param>
/// <param name="RejectSilence">How long nothing is proposed again that a person has rejected (RX-8).</param>
/// <param name="AskedWithin">How long an answered questionnaire holds (ASK-1).</param>
/// <param name="MinimumAge">Below it oral magnesium is not established (SAFE-12).</param>
public sealed record Thresholds(
    TimeSpan LookBack, TimeSpan FutureTolerance, TimeSpan FutureTolerancePartial, TimeSpan AdministrationWindow,
    AgeLimit AdultAge, AgeLimit YoungAge, TimeSpan PregnancyWindow, decimal MonthDays, int PositiveCount,
    int TherapyMonths, TimeSpan RejectSilence, TimeSpan AskedWithin, AgeLimit MinimumAge);
