"""An order's life: its states, the saga that moves it, reading, editing and cancelling it."""
