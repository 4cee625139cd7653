"""The few functions of Pango and cairo that lettering needs, typed, through ctypes.

pangocffi and pangocairocffi parse some 2,000 lines of C declarations with pycparser and ask ldconfig for each library
at every import: 0.4 s and 20 MB before the first letter, which a terminal's start cannot afford. This is the same
dlopen without the parser. Names and arguments are the C libraries' own (Debian: libpangocairo-1.0-0).
"""

import ctypes
from ctypes import POINTER, Structure, c_char_p, c_double, c_int, c_void_p
from typing import Any, Final

SCALE: Final = 1024
"""Pango units in one device unit."""


class Rectangle(Structure):
    _fields_ = (("x", c_int), ("y", c_int), ("width", c_int), ("height", c_int))


class LayoutLine(Structure):
    """What a line of a layout begins with: the layout, and its text in bytes."""

    _fields_ = (("layout", c_void_p), ("start_index", c_int), ("length", c_int))


try:
    _pangocairo = ctypes.CDLL("libpangocairo-1.0.so.0")
    _pango = ctypes.CDLL("libpango-1.0.so.0")
    _gobject = ctypes.CDLL("libgobject-2.0.so.0")
    _cairo = ctypes.CDLL("libcairo.so.2")
except OSError as missing:
    raise ImportError(f"Pango is not installed (Debian: libpangocairo-1.0-0): {missing}") from missing


def _bind(library: ctypes.CDLL, name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments
    return function


font_map_new = _bind(_pangocairo, "pango_cairo_font_map_new", c_void_p)
font_map_create_context = _bind(_pango, "pango_font_map_create_context", c_void_p, c_void_p)
context_set_base_dir = _bind(_pango, "pango_context_set_base_dir", None, c_void_p, c_int)

font_description_new = _bind(_pango, "pango_font_description_new", c_void_p)
font_description_set_family = _bind(_pango, "pango_font_description_set_family", None, c_void_p, c_char_p)
font_description_set_weight = _bind(_pango, "pango_font_description_set_weight", None, c_void_p, c_int)
font_description_set_absolute_size = _bind(_pango, "pango_font_description_set_absolute_size", None, c_void_p, c_double)

attr_list_new = _bind(_pango, "pango_attr_list_new", c_void_p)
attr_list_insert = _bind(_pango, "pango_attr_list_insert", None, c_void_p, c_void_p)
attr_line_height_new_absolute = _bind(_pango, "pango_attr_line_height_new_absolute", c_void_p, c_int)
attr_font_features_new = _bind(_pango, "pango_attr_font_features_new", c_void_p, c_char_p)

layout_new = _bind(_pango, "pango_layout_new", c_void_p, c_void_p)
layout_set_text = _bind(_pango, "pango_layout_set_text", None, c_void_p, c_char_p, c_int)
layout_set_font_description = _bind(_pango, "pango_layout_set_font_description", None, c_void_p, c_void_p)
layout_set_attributes = _bind(_pango, "pango_layout_set_attributes", None, c_void_p, c_void_p)
layout_set_auto_dir = _bind(_pango, "pango_layout_set_auto_dir", None, c_void_p, c_int)
layout_set_alignment = _bind(_pango, "pango_layout_set_alignment", None, c_void_p, c_int)
layout_set_width = _bind(_pango, "pango_layout_set_width", None, c_void_p, c_int)
layout_set_height = _bind(_pango, "pango_layout_set_height", None, c_void_p, c_int)
layout_set_wrap = _bind(_pango, "pango_layout_set_wrap", None, c_void_p, c_int)
layout_set_ellipsize = _bind(_pango, "pango_layout_set_ellipsize", None, c_void_p, c_int)
layout_context_changed = _bind(_pango, "pango_layout_context_changed", None, c_void_p)
layout_get_extents = _bind(_pango, "pango_layout_get_extents", None, c_void_p, POINTER(Rectangle), POINTER(Rectangle))
layout_get_line_count = _bind(_pango, "pango_layout_get_line_count", c_int, c_void_p)
layout_get_line_readonly = _bind(_pango, "pango_layout_get_line_readonly", POINTER(LayoutLine), c_void_p, c_int)
layout_is_ellipsized = _bind(_pango, "pango_layout_is_ellipsized", c_int, c_void_p)
layout_get_unknown_glyphs_count = _bind(_pango, "pango_layout_get_unknown_glyphs_count", c_int, c_void_p)
layout_get_cursor_pos = _bind(
    _pango, "pango_layout_get_cursor_pos", None, c_void_p, c_int, POINTER(Rectangle), POINTER(Rectangle)
)
layout_xy_to_index = _bind(
    _pango, "pango_layout_xy_to_index", c_int, c_void_p, c_int, c_int, POINTER(c_int), POINTER(c_int)
)
layout_move_cursor_visually = _bind(
    _pango,
    "pango_layout_move_cursor_visually",
    None,
    *(c_void_p, c_int, c_int, c_int, c_int, POINTER(c_int), POINTER(c_int)),
)
layout_index_to_pos = _bind(_pango, "pango_layout_index_to_pos", None, c_void_p, c_int, POINTER(Rectangle))
show_layout = _bind(_pangocairo, "pango_cairo_show_layout", None, c_void_p, c_void_p)
object_unref = _bind(_gobject, "g_object_unref", None, c_void_p)

cairo_image_surface_create_for_data = _bind(
    _cairo, "cairo_image_surface_create_for_data", c_void_p, c_void_p, c_int, c_int, c_int, c_int
)
cairo_surface_flush = _bind(_cairo, "cairo_surface_flush", None, c_void_p)
cairo_surface_destroy = _bind(_cairo, "cairo_surface_destroy", None, c_void_p)
cairo_create = _bind(_cairo, "cairo_create", c_void_p, c_void_p)
cairo_destroy = _bind(_cairo, "cairo_destroy", None, c_void_p)
cairo_move_to = _bind(_cairo, "cairo_move_to", None, c_void_p, c_double, c_double)

ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT = 0, 1, 2
WRAP_WORD_CHAR: Final = 2
ELLIPSIZE_END: Final = 3
CAIRO_FORMAT_A8: Final = 2
