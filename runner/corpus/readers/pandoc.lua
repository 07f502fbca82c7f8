-- Makes of a document what Markdown can hold: its title is the first heading, tables are plain, pictures are their captions.

local BETWEEN = { pandoc.Str(";"), pandoc.Space() }

local function plain(blocks) return pandoc.Plain(pandoc.utils.blocks_to_inlines(blocks, BETWEEN)) end

local function items(list) return pandoc.Blocks(pandoc.List(list.content):map(plain)) end

local function cells(inner)
  local simple = pandoc.utils.to_simple_table(inner)
  local parts = pandoc.List()
  for _, row in ipairs(pandoc.List({ simple.headers }) .. simple.rows) do
    for _, cell in ipairs(row) do
      if #cell > 0 then parts:insert(plain(cell)) end
    end
  end
  return pandoc.Blocks(parts)
end

local one_line = {
  LineBreak = function() return pandoc.Space() end,
  Code = function(code)
    local text = code.text:gsub("%s*\n%s*", " ")
    return pandoc.Code(text, code.attr)
  end,
}

local function flat_cell(blocks)
  -- Items and cells become paragraphs first, so that something stands between them.
  local flat = plain(pandoc.Blocks(blocks):walk({ BulletList = items, OrderedList = items, Table = cells }))
  -- A row is one line. With a line break in a cell, pandoc writes "[TABLE]" in the place of the whole table.
  return pandoc.Blocks({ flat }):walk(one_line)
end

-- Cells that span columns or hold several blocks would become HTML, which can't be split between rows.
function Table(table)
  local simple = pandoc.utils.to_simple_table(table)
  simple.headers = simple.headers:map(flat_cell)
  simple.rows = simple.rows:map(function(row) return row:map(flat_cell) end)
  return pandoc.utils.from_simple_table(simple)
end

-- The target of a cross-reference says nothing, and would become HTML.
-- A footnote at the end of the document would stand in another section than its sentence.
function Note(note)
  local inlines = pandoc.utils.blocks_to_inlines(note.content, BETWEEN)
  inlines:insert(1, pandoc.Str(" ("))
  inlines:insert(pandoc.Str(")"))
  return inlines
end
-- A reference of Sphinx: :ref:`the table <label>`
function Code(code)
  local text = code.classes:includes("interpreted-text") and code.text:match("^(.-)%s*<[^<>]*>$")
  return text and text ~= "" and pandoc.Str(text) or code
end
function Link(link) return link.content end
function Span(span) return span.content end
function Div(div) return div.content end
function Image(image) return image.caption end
function RawInline() return {} end

-- A notebook holds tables as HTML.
function RawBlock(raw)
  if raw.format ~= "html" then return {} end
  local read = pandoc.read(raw.text, "html").blocks
  return read:walk({ Table = Table, Note = Note, Link = Link, Span = Span, Div = Div, Image = Image })
end

-- What stands beside a title is no part of the text for pandoc.
local function beside_title(meta)
  local blocks = pandoc.Blocks({})
  for _, name in ipairs({ "subtitle", "abstract" }) do
    local value = meta[name]
    local kind = value and pandoc.utils.type(value)
    if kind == "Inlines" then blocks:insert(pandoc.Para(value)) end
    if kind == "Blocks" then blocks:extend(value) end
  end
  return blocks
end

function Pandoc(document)
  document.blocks = beside_title(document.meta) .. document.blocks
  local title = document.meta.title
  local named = title and pandoc.utils.stringify(title) or ""
  local first = document.blocks:find_if(function(block) return block.t == "Header" end)
  if named ~= "" and not (first and first.level == 1 and pandoc.utils.stringify(first) == named) then
    document.blocks = document.blocks:walk({
      Header = function(header)
        header.level = math.min(header.level + 1, 6)
        return header
      end,
    })
    document.blocks:insert(1, pandoc.Header(1, named))
  end
  return document
end
