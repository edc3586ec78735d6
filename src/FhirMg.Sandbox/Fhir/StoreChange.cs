using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Fhir;

/// <summary>A change in the making.</summary>
internal sealed class StoreChange(StoreState state, DateTimeOffset now)
{
    public StoreState State { get; private set; } = state;

    public DateTimeOffset Now => now;

    public static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Stores a version of a resource: its id, version and time are set here.</summary>
    public StoredVersion Put(string type, string id, JsonObject content, string method, DateTimeOffset? lastUpdated = null)
    {
        var version = State.Versions(type, id).Count + 1;
        var at = lastUpdated ?? now;
        var stored = (JsonObject)content.DeepClone();
        var meta = stored["meta"] is JsonObject given ? (JsonObject)given.DeepClone() : [];
        meta["versionId"] = version.ToString(CultureInfo.InvariantCulture);
        meta["lastUpdated"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        stored.Remove("id");
        stored.Remove("meta");
        stored.Remove("resourceType");
        stored.Insert(0, "resourceType", type);
        stored.Insert(1, "id", id);
        stored.Insert(2, "meta", meta);
        return Add(new(type, id, version, at, method, stored));
    }

    public StoredVersion Delete(string type, string id) =>
        Add(new(type, id, State.Versions(type, id).Count + 1, now, "DELETE", null));

    private StoredVersion Add(StoredVersion version)
    {
        State = State.With(version);
        return version;
    }
}
