using System.Text.Json.Nodes;
using FhirMg.Sandbox.Access;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Fhir;

/// <summary>The interactions with single resources, as far as the caller's grant goes.</summary>
internal sealed class Interactions(Grant grant, VendorProfile vendor, ServerAddress address)
{
    public FhirAnswer Read(StoreState state, string type, string id)
    {
        RequireKept(type);
        grant.Require(type, Permission.Read);
        var current = Current(state, type, id);
        grant.RequireSight(current, Permission.Read);
        return new(StatusCodes.Status200OK, current.Content, current);
    }

    public FhirAnswer ReadVersion(StoreState state, string type, string id, string version)
    {
        RequireKept(type);
        grant.Require(type, Permission.Read);
        var found = state.Versions(type, id).Find(one => one.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) == version)
            ?? throw FhirException.NotFound($"{type}/{id} has no version {version}.");
        if (found.Content is null)
        {
            throw new FhirException(StatusCodes.Status410Gone, "deleted", $"{type}/{id} was deleted in version {version}.");
        }

        grant.RequireSight(found, Permission.Read);
        return new(StatusCodes.Status200OK, found.Content, found);
    }

    /// <summary>Creates, unless <paramref name="ifNoneExist"/> finds one (200) or several (412).</summary>
    public FhirAnswer Create(StoreChange change, string type, JsonObject body, string? ifNoneExist, string? id = null)
    {
        RequireWritable(type, "create");
        grant.Require(type, Permission.Create);
        ResourceCheck.Require(type, body);
        if (ifNoneExist is not null && ExistingFor(change.State, type, ifNoneExist) is { } existing)
        {
            grant.RequireSight(existing, Permission.Create);
            return FhirAnswer.Written(StatusCodes.Status200OK, existing);
        }

        grant.RequireSight(new(type, id ?? "", 0, change.Now, "POST", body), Permission.Create);
        return FhirAnswer.Written(StatusCodes.Status201Created, change.Put(type, id ?? StoreChange.NewId(), body, "POST"));
    }

    public FhirAnswer Update(StoreChange change, string type, string id, JsonObject body, string? ifMatch)
    {
        RequireWritable(type, "update");
        ResourceCheck.Require(type, body);
        ResourceCheck.RequireId(body, id);
        var versions = change.State.Versions(type, id);
        grant.Require(type, versions.IsEmpty ? Permission.Create : Permission.Update);
        if (ifMatch is not null && (versions.IsEmpty || versions[^1].ETag != ifMatch.Trim()))
        {
            throw FhirException.Condition(versions.IsEmpty ? $"There is no {type}/{id} to match {ifMatch}." : $"{type}/{id} is at {versions[^1].ETag}, not {ifMatch}: read it again.");
        }

        if (change.State.TryGet(type, id, out var current))
        {
            grant.RequireSight(current, Permission.Update);
        }

        grant.RequireSight(new(type, id, 0, change.Now, "PUT", body), versions.IsEmpty ? Permission.Create : Permission.Update);
        return FhirAnswer.Written(current is null ? StatusCodes.Status201Created : StatusCodes.Status200OK, change.Put(type, id, body, "PUT"));
    }

    public FhirAnswer Delete(StoreChange change, string type, string id, string? ifMatch)
    {
        RequireWritable(type, "delete");
        grant.Require(type, Permission.Delete);
        if (!change.State.TryGet(type, id, out var current))
        {
            return new(StatusCodes.Status204NoContent, null);
        }

        grant.RequireSight(current, Permission.Delete);
        if (ifMatch is not null && ifMatch.Trim() != current.ETag)
        {
            throw FhirException.Condition($"{type}/{id} is at {current.ETag}, not {ifMatch}: read it again.");
        }

        return new(StatusCodes.Status204NoContent, null, change.Delete(type, id));
    }

    /// <summary>The one resource that a query finds; null when there is none.</summary>
    /// <exception cref="FhirException">There are several (412), or the query is not understood.</exception>
    public StoredVersion? ExistingFor(StoreState state, string type, string query)
    {
        var question = query.IndexOf('?', StringComparison.Ordinal);
        var parameters = SearchQuery.Parameters(question < 0 ? query : query[(question + 1)..]).ToList();
        if (parameters.Count == 0)
        {
            throw FhirException.Invalid($"A condition for {type} names at least one search parameter.");
        }

        var found = SearchQuery.Parse(type, parameters, address, offers: name => vendor.Searches(type, name)).Find(state, _ => true);
        return found.Count <= 1 ? found.SingleOrDefault() : throw FhirException.Condition($"{found.Count} resources match {type}?{query}: the condition must find at most one.");
    }

    public void RequireKept(string type)
    {
        if (!SearchParameters.Keeps(type) || !vendor.Keeps(type))
        {
            throw new FhirException(StatusCodes.Status404NotFound, "not-supported", $"'{type}' is no resource type that is kept here; /metadata lists those that are.");
        }
    }

    private void RequireWritable(string type, string interaction)
    {
        RequireKept(type);
        if (!vendor.Writes(type))
        {
            throw new FhirException(StatusCodes.Status405MethodNotAllowed, "not-supported", $"{type} takes no {interaction} here; /metadata lists what it takes.");
        }
    }

    private static StoredVersion Current(StoreState state, string type, string id) => state.Versions(type, id) switch
    {
        [] => throw FhirException.NotFound($"There is no {type}/{id}."),
        [.., { Content: null }] => throw new FhirException(StatusCodes.Status410Gone, "deleted", $"{type}/{id} was deleted."),
        [.., var current] => current,
    };
}
