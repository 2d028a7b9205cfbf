package import Base
internal import CLibxml
internal import CMarkup
internal import Glibc

/// The libraries below, as they are where a program runs: `libxml2 2.9.14, libxslt 1.1.35`.
package let libraryVersions = String(cString: cmarkup_libraries())

/// A stylesheet module that other stylesheets import by its path: `common/vocabulary.xsl`.
package struct StylesheetModule: Sendable {
  var url: String
  var bytes: [UInt8]

  /// - Parameter path: as an import names it, below the folder of the stylesheet: `common/vocabulary.xsl`.
  package init(path: String, bytes: [UInt8]) {
    url = Stylesheet.folder + path
    self.bytes = bytes
  }
}

/// A compiled XSLT 1.0 stylesheet, with the EXSLT modules strings, math, sets and dates.
///
/// It can read no file, write none, and reach no network: `document()`, `exsl:document` and an import of anything but the compiled-in
/// modules fail the run. One is used by one thread; each thread compiles its own.
package struct Stylesheet: ~Copyable {
  static let folder = "qtbx:/"

  private let pointer: xsltStylesheetPtr

  deinit { xsltFreeStylesheet(pointer) }

  /// Makes a module known to every stylesheet compiled later. Call before any thread is started.
  package static func register(_ module: StylesheetModule) {
    ParsePolicy.prepare()
    module.bytes.withUnsafeBytes {
      cmarkup_add_module(module.url, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
    }
  }

  /// Whether each of some names stands in a stylesheet, or in a module that is known, as a word of its own: else no expression asks for it by name.
  package static func mentions(of names: [String], in source: [UInt8]) -> [Bool] {
    var found = [UInt8](repeating: 0, count: names.count)
    let words = names.map { UnsafePointer(strdup($0)) }
    defer { for word in words { free(UnsafeMutablePointer(mutating: word)) } }
    source.withUnsafeBytes { cmarkup_mentions($0.baseAddress, $0.count, words, words.count, &found) }
    return found.map { $0 == 1 }
  }

  /// Compiles a stylesheet. Errors: `refused`, with libxslt's words.
  package init(compiling source: [UInt8], named name: String) throws(Complaint) {
    ParsePolicy.prepare()
    var words = cmarkup_message()
    let compiled = withUnsafeMutablePointer(to: &words) { words -> xsltStylesheetPtr? in
      cmarkup_listen(words)
      defer { cmarkup_listen(nil) }
      let document = source.withUnsafeBytes {
        xmlReadMemory($0.baseAddress, Int32($0.count), Self.folder + "room.xsl", nil, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue))
      }
      guard let document else { return nil }
      guard let compiled = xsltParseStylesheetDoc(document) else {
        xmlFreeDoc(document)
        return nil
      }
      // A warning is a word that libxslt does not know and would pass over in silence.
      guard compiled.pointee.errors == 0, compiled.pointee.warnings == 0 else {
        xsltFreeStylesheet(compiled)
        return nil
      }
      return compiled
    }
    guard let compiled else { throw Complaint(.refused, "the stylesheet does not compile: " + cmarkupText(words), at: name) }
    pointer = compiled
  }

  /// Applies the stylesheet to a small document that a `RecordStream` has checked, and lends the result.
  ///
  /// Errors: `refused` if the stylesheet stops or fails; `fault` if the document is not what was checked.
  package borrowing func apply<Answer>(
    to document: [UInt8], parameters: [(name: String, value: String)], _ body: (borrowing Result) throws(Complaint) -> Answer
  ) throws(Complaint) -> Answer {
    let words = UnsafeMutablePointer<cmarkup_message>.allocate(capacity: 1)
    words.initialize(to: cmarkup_message())
    cmarkup_listen(words)
    defer {
      cmarkup_listen(nil)
      words.deallocate()
    }
    guard let parser = xmlNewParserCtxt() else { throw Complaint(.fault, "out of memory") }
    defer { xmlFreeParserCtxt(parser) }
    // The stylesheet's own dictionary, which this thread alone uses: equal names are then equal pointers.
    xmlDictFree(parser.pointee.dict)
    parser.pointee.dict = pointer.pointee.dict
    xmlDictReference(pointer.pointee.dict)
    let source = document.withUnsafeBytes {
      xmlCtxtReadMemory(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), nil, nil, ParsePolicy.building)
    }
    guard let source else { throw Complaint(.fault, "a checked record does not parse: " + cmarkupText(words.pointee)) }
    defer { xmlFreeDoc(source) }
    words.pointee = cmarkup_message()

    guard let context = xsltNewTransformContext(pointer, source) else { throw Complaint(.fault, "out of memory") }
    defer { xsltFreeTransformContext(context) }
    cmarkup_confine(context, words)
    for parameter in parameters { xsltQuoteOneUserParam(context, parameter.name, parameter.value) }
    let result = xsltApplyStylesheetUser(pointer, source, nil, nil, nil, context)
    defer { if let result { xmlFreeDoc(result) } }
    guard let result, context.pointee.state == XSLT_STATE_OK else {
      throw Complaint(.refused, "the stylesheet failed: " + cmarkupText(words.pointee))
    }
    try ParsePolicy.complainIfAskedToLoad()
    return try body(Result(document: result, stylesheet: pointer))
  }

  /// What a stylesheet has made: lent for the length of a closure.
  package struct Result: ~Copyable {
    fileprivate let document: xmlDocPtr
    fileprivate let stylesheet: xsltStylesheetPtr

    /// Visits the elements directly below the root element.
    package func forEachElement(_ body: (borrowing ResultElement) throws(Complaint) -> Void) throws(Complaint) {
      guard let root = xmlDocGetRootElement(document) else { throw Complaint(.refused, "the stylesheet made no document") }
      try ResultElement(node: root).forEachChild(body)
    }

    /// What stands inside the root element, written as the stylesheet's `xsl:output` says: for a result of many batches, that of each.
    package func inside() throws(Complaint) -> [UInt8] {
      var text: UnsafeMutablePointer<xmlChar>?
      var length: Int32 = 0
      guard xsltSaveResultToString(&text, &length, document, stylesheet) == 0, let text else {
        throw Complaint(.refused, "the stylesheet made no document")
      }
      defer { cmarkup_free(text) }
      let bytes = UnsafeBufferPointer(start: text, count: Int(length))
      // Behind the start tag of the root and the line end after it, up to the end tag. The root is the first "<" that is a name.
      guard let root = bytes.indices.first(where: { bytes[$0] == "<" && $0 + 1 < bytes.count && bytes[$0 + 1] != "?" && bytes[$0 + 1] != "!" }),
        let open = bytes[root...].firstIndex(of: ">"), bytes[open - 1] != "/", let close = bytes.lastIndex(of: "<"), close > open
      else { return [] }
      return Array(bytes[(bytes[open + 1] == "\n" ? open + 2 : open + 1)..<close])
    }
  }
}

/// An element of a result tree, lent for the length of a closure: it cannot be copied out of it.
package struct ResultElement: ~Copyable {
  fileprivate let node: xmlNodePtr

  /// The name, without its prefix.
  package var name: String { String(cString: node.pointee.name) }

  /// Whether this is its name, without its prefix: asked of each element, so that no text is made for it.
  package func isNamed(_ name: StaticString) -> Bool { Self.isSame(node.pointee.name, name) }

  /// The value of an attribute in no namespace, nil if there is none.
  package func attribute(_ name: StaticString) -> String? {
    var next = node.pointee.properties
    while let attribute = next {
      next = attribute.pointee.next
      guard attribute.pointee.ns == nil, Self.isSame(attribute.pointee.name, name) else { continue }
      // What a stylesheet writes has one text, or none if it is empty.
      guard let text = attribute.pointee.children else { return "" }
      if text.pointee.next == nil, text.pointee.type == XML_TEXT_NODE { return text.pointee.content.map { String(cString: $0) } ?? "" }
      guard let value = xmlNodeListGetString(attribute.pointee.doc, text, 1) else { return "" }
      defer { cmarkup_free(value) }
      return String(cString: value)
    }
    return nil
  }

  private static func isSame(_ text: UnsafePointer<xmlChar>, _ name: StaticString) -> Bool {
    strcmp(UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self), UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)) == 0
  }

  /// All text in it, that of the elements in it, too.
  package var text: String {
    // One text node is by far the commonest case.
    if let only = node.pointee.children, only.pointee.next == nil, only.pointee.type == XML_TEXT_NODE {
      return only.pointee.content.map { String(cString: $0) } ?? ""
    }
    guard let content = xmlNodeGetContent(node) else { return "" }
    defer { cmarkup_free(content) }
    return String(cString: content)
  }

  /// Lends every element that stands directly in it, in their order. Errors: what `body` throws.
  package func forEachChild(_ body: (borrowing ResultElement) throws(Complaint) -> Void) throws(Complaint) {
    var next = node.pointee.children
    while let child = next {
      if child.pointee.type == XML_ELEMENT_NODE { try body(ResultElement(node: child)) }
      next = child.pointee.next
    }
  }

  /// What stands in the element, as XML on one line: a line feed in a text or an attribute becomes `&#10;`.
  package func contentOnOneLine() -> [UInt8] {
    var line: [UInt8] = []
    var next = node.pointee.children
    while let child = next {
      Self.write(child, within: [:], to: &line)
      next = child.pointee.next
    }
    return line
  }

  /// The element itself, as XML on one line.
  package func onOneLine() -> [UInt8] {
    var line: [UInt8] = []
    Self.write(node, within: [:], to: &line)
    return line
  }

  /// - Parameter outer: the namespaces that what is written so far has declared around the node, by prefix.
  private static func write(_ node: xmlNodePtr, within outer: [String: String], to line: inout [UInt8]) {
    switch node.pointee.type {
    case XML_TEXT_NODE:
      if let content = node.pointee.content { escape(content, quotes: false, to: &line) }
    case XML_CDATA_SECTION_NODE:
      guard let content = node.pointee.content else { return }
      let text = Array(UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content))))
      if fitsSection(text) { line += Array("<![CDATA[".utf8) + text + Array("]]>".utf8) } else { escape(content, quotes: false, to: &line) }
    case XML_PI_NODE:
      line += "<?".utf8
      line += String(cString: node.pointee.name).utf8
      if let content = node.pointee.content {
        line.append(" ")
        line += String(cString: content).utf8
      }
      line += "?>".utf8
    case XML_ELEMENT_NODE:
      let name = (node.pointee.ns?.pointee.prefix).map { String(cString: $0) + ":" } ?? ""
      let tag = name + String(cString: node.pointee.name)
      line.append("<")
      line += tag.utf8
      var scope = outer
      func declare(_ namespace: xmlNsPtr) {
        let prefix = namespace.pointee.prefix.map { String(cString: $0) } ?? ""
        let uri = namespace.pointee.href.map { String(cString: $0) } ?? ""
        guard scope[prefix] != uri, prefix != "xml" else { return }
        scope[prefix] = uri
        // libxml2 keeps the URI as it was written.
        line += " xmlns\(prefix.isEmpty ? "" : ":" + prefix)=\"\(uri)\"".utf8
      }
      var declared = node.pointee.nsDef
      while let namespace = declared {
        declare(namespace)
        declared = namespace.pointee.next
      }
      // What an element around has declared that is not written itself.
      if let own = node.pointee.ns { declare(own) }
      var named = node.pointee.properties
      while let current = named {
        if let own = current.pointee.ns { declare(own) }
        named = current.pointee.next
      }
      var attribute = node.pointee.properties
      while let current = attribute {
        line.append(" ")
        if let prefix = current.pointee.ns?.pointee.prefix { line += (String(cString: prefix) + ":").utf8 }
        line += String(cString: current.pointee.name).utf8
        line += "=\"".utf8
        if let value = xmlNodeListGetString(current.pointee.doc, current.pointee.children, 1) {
          escape(value, quotes: true, to: &line)
          cmarkup_free(value)
        }
        line.append("\"")
        attribute = current.pointee.next
      }
      guard node.pointee.children != nil else {
        line += "/>".utf8
        return
      }
      line.append(">")
      var next = node.pointee.children
      while let child = next {
        write(child, within: scope, to: &line)
        next = child.pointee.next
      }
      line += "</".utf8
      line += tag.utf8
      line.append(">")
    default: break
    }
  }

  /// Whether a section can hold a text on a line: there are no references in it, for control characters, and its own end cannot stand there.
  private static func fitsSection(_ text: [UInt8]) -> Bool {
    if text.contains(where: { $0 < " " || $0 == 0x7F }) || text.firstRange(of: Array("]]>".utf8)) != nil { return false }
    return !zip(text, text.dropFirst()).contains { $0 == 0xC2 && $1 < 0xA0 }
  }

  private static func escape(_ text: UnsafePointer<xmlChar>, quotes: Bool, to line: inout [UInt8]) {
    var at = text
    while at.pointee != 0 {
      switch at.pointee {
      case "&": line += "&amp;".utf8
      case "<": line += "&lt;".utf8
      case ">": line += "&gt;".utf8
      case "\n": line += "&#10;".utf8
      case "\r": line += "&#13;".utf8
      case "\t": line += "&#9;".utf8
      case "\"" where quotes: line += "&quot;".utf8
      case let byte: line.append(byte)
      }
      at += 1
    }
  }
}
