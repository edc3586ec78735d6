using Microsoft.Win32.SafeHandles;

namespace FhirMg.Screening.Worklist;

/// <summary>Reads a run of rows, one after the other.</summary>
internal sealed class WorklistRunReader(SafeFileHandle file, int run, long start, long end)
{
    // Many runs are read at once.
    private byte[] _buffer = new byte[1 << 14];
    private long _position = start;
    private int _from, _to;

    /// <summary>Number of the run.</summary>
    public int Run => run;

    /// <summary>The row reached.</summary>
    public SortedRow Row { get; private set; }

    /// <summary>Goes to the next row; false after the last.</summary>
    public bool Next()
    {
        if (_from == _to && _position == end)
        {
            return false;
        }

        Fill(WorklistRuns.HeadBytes);
        var length = WorklistRuns.HeadBytes + WorklistRuns.NameBytes(_buffer.AsSpan(_from));
        Fill(length);
        Row = WorklistRuns.Unpacked(_buffer.AsSpan(_from, length));
        _from += length;
        return true;
    }

    // Brings at least so many bytes into the buffer.
    private void Fill(int bytes)
    {
        if (_to - _from >= bytes)
        {
            return;
        }

        var rest = _buffer.AsSpan(_from, _to - _from);
        var buffer = _buffer.Length < bytes ? new byte[bytes] : _buffer;
        rest.CopyTo(buffer);
        (_buffer, _from, _to) = (buffer, 0, rest.Length);
        while (_to < bytes)
        {
            var room = (int)Math.Min(_buffer.Length - _to, end - _position);
            var read = RandomAccess.Read(file, _buffer.AsSpan(_to, room), _position);
            _to += read > 0 ? read : throw new EndOfStreamException("the rows of the worklist break off");
            _position += read;
        }
    }
}
