"""Work that people do: their inbox, their tasks, their cases."""
