using System.Globalization;
using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>The resources of a simulator: the newest version of each, and since when searches may see it.</summary>
internal sealed class Store(TimeProvider clock)
{
    private readonly Lock guard = new();
    private List<Item> items = [];
    private int nextId = 1;

    private sealed record Item(JsonObject Resource, DateTimeOffset Written, Item? Before);

    public IReadOnlyList<JsonObject> All
    {
        get
        {
            lock (guard)
            {
                return [.. items.Select(i => i.Resource)];
            }
        }
    }

    public void Load(JsonObject resource)
    {
        lock (guard)
        {
            var copy = resource.DeepClone().AsObject();
            copy["id"] ??= NextId();
            Stamp(copy, 1);
            items.Add(new Item(copy, DateTimeOffset.MinValue, null));
        }
    }

    public JsonObject? Read(string type, string id)
    {
        lock (guard)
        {
            return items.Find(i => IsNamed(i.Resource, type, id))?.Resource;
        }
    }

    /// <summary>What a search that lags behind sees, in order of creation.</summary>
    public IReadOnlyList<JsonObject> Visible(string type, TimeSpan lag)
    {
        var until = clock.GetUtcNow() - lag;
        lock (guard)
        {
            var seen = new List<JsonObject>();
            foreach (var item in items.Where(i => i.Resource["resourceType"]!.ToString() == type))
            {
                var version = item;
                while (version is not null && version.Written > until)
                {
                    version = version.Before;
                }

                if (version is not null)
                {
                    seen.Add(version.Resource);
                }
            }

            return seen;
        }
    }

    public JsonObject Create(JsonObject resource)
    {
        lock (guard)
        {
            var copy = resource.DeepClone().AsObject();
            copy["id"] = NextId();
            Stamp(copy, 1, anew: true);
            items.Add(new Item(copy, clock.GetUtcNow(), null));
            return copy;
        }
    }

    /// <summary>Null when the version is not the one expected; creates what does not exist.</summary>
    public JsonObject? Update(JsonObject resource, string? expectedVersion)
    {
        lock (guard)
        {
            var index = items.FindIndex(i => IsNamed(i.Resource, resource["resourceType"]!.ToString(), resource["id"]!.ToString()));
            var current = index < 0 ? null : items[index].Resource["meta"]!["versionId"]!.ToString();
            if (expectedVersion is not null && expectedVersion != current)
            {
                return null;
            }

            var copy = resource.DeepClone().AsObject();
            Stamp(copy, current is null ? 1 : int.Parse(current, CultureInfo.InvariantCulture) + 1, anew: true);
            var item = new Item(copy, clock.GetUtcNow(), index < 0 ? null : items[index]);
            if (index < 0)
            {
                items.Add(item);
            }
            else
            {
                items[index] = item;
            }

            return copy;
        }
    }

    /// <summary>Carries out work of which nothing remains when it answers with an error.</summary>
    public Answer Atomically(Func<Answer> work)
    {
        lock (guard)
        {
            List<Item> before = [.. items];
            var answer = work();
            if (answer.Status >= 400)
            {
                items = before;
            }

            return answer;
        }
    }

    private static bool IsNamed(JsonObject resource, string type, string id) => resource["resourceType"]!.ToString() == type && resource["id"]!.ToString() == id;

    /// <summary>An id for a resource that a transaction is about to create.</summary>
    public string Reserve()
    {
        lock (guard)
        {
            return NextId();
        }
    }

    private string NextId() => FormattableString.Invariant($"s{nextId++}");

    private void Stamp(JsonObject resource, int version, bool anew = false)
    {
        if (resource["meta"] is not JsonObject meta)
        {
            resource["meta"] = meta = [];
        }

        if (anew || meta["versionId"] is null || !int.TryParse(meta["versionId"]!.ToString(), out _))
        {
            meta["versionId"] = version.ToString(CultureInfo.InvariantCulture);
        }

        if (anew || meta["lastUpdated"] is null)
        {
            meta["lastUpdated"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }
    }
}
