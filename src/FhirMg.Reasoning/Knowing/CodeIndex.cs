using System.Text;

namespace FhirMg.Reasoning.Knowing;

/// <summary>Which value sets of one domain a code lies in, asked with the bytes of the input.</summary>
internal sealed class CodeIndex
{
    private readonly Dictionary<byte[], Named> _systems = new(Utf8Comparer.Instance);
    private volatile Named? _last;

    /// <summary>An index in which systems are known before any of their codes is.</summary>
    public static CodeIndex Of(params ReadOnlySpan<string> systems)
    {
        var index = new CodeIndex();
        foreach (var system in systems)
        {
            index.Declare(system);
        }

        return index;
    }

    /// <summary>The sets that the code lies in, as bits; none for an unknown system or code.</summary>
    public uint Find(ReadOnlySpan<byte> system, ReadOnlySpan<byte> code, out CodeSystemKind kind)
    {
        if (system.IsEmpty || code.IsEmpty)
        {
            kind = system.IsEmpty ? CodeSystemKind.Absent : CodeSystemKind.Other;
            return 0;
        }

        // Neighbours nearly always share their system; threads may see each other's last one, which is as good.
        var last = _last;
        if (last is null || !system.SequenceEqual(last.Name))
        {
            if (!_systems.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(system, out last))
            {
                kind = CodeSystemKind.Other;
                return 0;
            }

            _last = last;
        }

        var codes = last.Codes;
        kind = codes.Kind;
        return kind.IsHierarchical() ? codes.FindAncestors(code) : codes.FindExact(code);
    }

    /// <summary>Adds a code (and, in a hierarchical system, all below it) to sets, or takes it out of them.</summary>
    public void Add(string system, string code, uint sets, bool excluded = false)
    {
        var codes = Declare(system);
        codes.Add(Encoding.UTF8.GetBytes(code), sets, excluded);
    }

    private Codes Declare(string system)
    {
        var key = Encoding.UTF8.GetBytes(system);
        if (!_systems.TryGetValue(key, out var named))
        {
            _systems[key] = named = new(key, new Codes(CodeSystems.Kind(system)));
        }

        return named.Codes;
    }

    /// <summary>Lets another uri stand for a system.</summary>
    public void Alias(string uri, string system)
    {
        var name = Encoding.UTF8.GetBytes(uri);
        _systems[name] = new(name, Declare(system));
        _last = null;
    }

    /// <summary>A copy that can be added to without changing this index.</summary>
    public CodeIndex Copy()
    {
        var copy = new CodeIndex();
        var copies = _systems.Values.Select(named => named.Codes).Distinct().ToDictionary(codes => codes, codes => codes.Copy());
        foreach (var (uri, named) in _systems)
        {
            copy._systems[uri] = new(uri, copies[named.Codes]);
        }

        return copy;
    }

    private sealed record Named(byte[] Name, Codes Codes);

    /// <summary>The codes of one system.</summary>
    private sealed class Codes
    {
        private const int LongestPrefix = 16;
        private readonly Dictionary<byte[], (uint Included, uint Excluded)> _codes;
        private readonly Dictionary<byte[], (uint Included, uint Excluded)>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

        public Codes(CodeSystemKind kind)
        {
            Kind = kind;
            _codes = new(Utf8Comparer.Instance);
            _lookup = _codes.GetAlternateLookup<ReadOnlySpan<byte>>();
        }

        public CodeSystemKind Kind { get; }

        public void Add(byte[] code, uint sets, bool excluded)
        {
            Span<byte> buffer = stackalloc byte[LongestPrefix];
            var key = Kind.IsHierarchical() ? Normalize(code, buffer).ToArray() : code;
            var (included, old) = _codes.GetValueOrDefault(key);
            _codes[key] = excluded ? (included, old | sets) : (included | sets, old);
        }

        public uint FindExact(ReadOnlySpan<byte> code) =>
            _lookup.TryGetValue(code, out var sets) ? sets.Included & ~sets.Excluded : 0;

        public uint FindAncestors(ReadOnlySpan<byte> code)
        {
            Span<byte> buffer = stackalloc byte[LongestPrefix];
            var normalized = Normalize(code, buffer);
            uint included = 0, excluded = 0;
            for (var length = 1; length <= normalized.Length; length++)
            {
                if (_lookup.TryGetValue(normalized[..length], out var sets))
                {
                    included |= sets.Included;
                    excluded |= sets.Excluded;
                }
            }

            return included & ~excluded;
        }

        public Codes Copy()
        {
            var copy = new Codes(Kind);
            foreach (var (code, sets) in _codes)
            {
                copy._codes[code] = sets;
            }

            return copy;
        }

        // ICD codes are matched without regard to the dot and case; some exporters write g43909. ATC codes as they are.
        private ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> code, Span<byte> buffer)
        {
            var length = 0;
            foreach (var b in code)
            {
                if (length == buffer.Length)
                {
                    break;
                }

                if (Kind == CodeSystemKind.Atc)
                {
                    buffer[length++] = b;
                }
                else if (b != '.')
                {
                    buffer[length++] = b is >= (byte)'a' and <= (byte)'z' ? (byte)(b - 32) : b;
                }
            }

            return buffer[..length];
        }
    }
}
