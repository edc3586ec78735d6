using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Sessions;

namespace FhirMg.Service.App;

/// <summary>A decision about a proposal, sent.</summary>
internal static class DecisionForm
{
    private const int LongestText = 1000;

    /// <summary>Writes the decision with the person's token, as the person; nothing else is written.</summary>
    public static async Task<IResult> DecideAsync(HttpContext context, AppVisit visit, IFormCollection form)
    {
        var filled = new DraftDecision(form["proposal"].ToString(), form["decision"] == "accept", Text(form["dose"]), Text(form["reason"]), Text(form["comment"]));
        var kept = visit.Draft with { Decision = filled };
        if (visit.Session.Patient is null)
        {
            return await AppEndpoints.BackAsync(context, visit, kept);
        }

        try
        {
            var reader = context.RequestServices.GetRequiredService<AppReader>();
            var (notice, isDone) = await reader.WithTokenAsync(
                visit, server => DecideAsync(reader, visit, server, filled, form["dose-confirmed"] == "yes", context), context.RequestAborted);
            return await AppEndpoints.BackAsync(context, visit, (isDone ? visit.Draft with { Decision = null } : kept) with { Notice = notice });
        }
        catch (ReauthorizationException)
        {
            return await AppEndpoints.SignInAgainAsync(context, visit, kept);
        }
        catch (FhirServerException e)
        {
            return await AppEndpoints.BackAsync(context, visit, kept with { Notice = new("page-unknown", true, e.Message) });
        }
    }

    private static async Task<(Notice Notice, bool IsDone)> DecideAsync(
        AppReader reader, AppVisit visit, FhirServer server, DraftDecision filled, bool isDoseConfirmed, HttpContext context)
    {
        var read = await reader.ReadAsync(visit, server, context.RequestAborted);
        var capability = await server.GrantedCapabilityAsync(context.RequestAborted);
        var view = ProposalView.Of(read.Assessment, read.Plan, capability, visit.Tenant.Options.WritePolicy).FirstOrDefault(view => view.Identifier == filled.Proposal);
        if (view is null)
        {
            return (new("page-decision-gone", true), true);
        }

        if (Problem(visit, view, filled, isDoseConfirmed) is { } problem)
        {
            return (new(problem, true), false);
        }

        var result = await Deciding.WriteAsync(server, read.Assessment, filled.Proposal, Decision(visit, view, filled), visit.Language, context.RequestAborted);
        AppEndpoints.Record(context, visit, filled.IsAccepted ? "app accept" : "app reject",
            result.Outcome == DecisionOutcome.Written ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, Reasoning.Knowing.RuleSet.Of(view.Proposal.Rule));
        var title = visit.Words.Of(view.Activity.Title);
        return result.Outcome switch
        {
            DecisionOutcome.Written => (new(filled.IsAccepted ? "page-accepted" : "page-rejected", false, title, result.Reference ?? view.Activity.Kind), true),
            DecisionOutcome.DecidedBefore => (new("page-decided-before", true, title), true),
            DecisionOutcome.NoLongerProposed => (new("page-decision-gone", true), true),
            DecisionOutcome.Refused => (new("page-decision-refused", true, title, result.Problem ?? ""), false),
            _ => (new("page-unknown", true, result.Problem ?? ""), false),
        };
    }

    private static string? Problem(AppVisit visit, ProposalView view, DraftDecision filled, bool isDoseConfirmed) =>
        !filled.IsAccepted ? filled.Reason is { } reason && visit.Tenant.Knowledge.OverrideReasons.ContainsKey(reason) ? null : "page-reason-missing"
        : !view.IsMedicine ? null
        : filled.Dose is null ? "page-dose-missing"
        : view.Activity.DoseBasis is not null && !isDoseConfirmed ? "page-dose-unconfirmed"
        : null;

    private static PersonDecision Decision(AppVisit visit, ProposalView view, DraftDecision filled)
    {
        if (!filled.IsAccepted)
        {
            var reason = visit.Words.Of(visit.Tenant.Knowledge.OverrideReasons[filled.Reason!]);
            return new(false, visit.Session.User, null, filled.Comment is null ? reason : $"{reason}: {filled.Comment}");
        }

        // A dose left as proposed keeps its structure.
        var proposed = ArtifactText.Dose(view.Activity) is { } dose ? visit.Words.Of(dose) : null;
        return new(true, visit.Session.User, view.IsMedicine && filled.Dose != proposed ? filled.Dose : null, null);
    }

    private static string? Text(string? text) => text?.ReplaceLineEndings(" ").Trim() is { Length: > 0 } given ? given[..Math.Min(given.Length, LongestText)] : null;
}
