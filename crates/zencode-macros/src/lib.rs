//! The attributes that make a documented function a statement of the language.
//!
//! `#[when("create hash of ''")]` leaves the function as it is and adds a constant beside it, named
//! like the function in upper case: its phase, patterns, documentation, parameters, place and runner.
//! The function's first parameter says what it may do, so a statement in the wrong phase does not
//! type-check.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, FnArg, Ident, ItemFn, Lit, LitStr, Meta, Pat, Token, parse_macro_input};

/// A statement of the Given phase: declares an input.
#[proc_macro_attribute]
pub fn given(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Given", attribute, item)
}

/// A statement of the When phase: works on memory.
#[proc_macro_attribute]
pub fn when(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("When", attribute, item)
}

/// A condition: fails a run as a When, chooses a branch as an If.
#[proc_macro_attribute]
pub fn check(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Check", attribute, item)
}

/// A loop.
#[proc_macro_attribute]
pub fn foreach(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Foreach", attribute, item)
}

/// A statement of the Then phase: prints.
#[proc_macro_attribute]
pub fn then(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Then", attribute, item)
}

/// A request to the host, answered before the first statement that works on memory.
#[proc_macro_attribute]
pub fn ask(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Ask", attribute, item)
}

struct Attribute {
    patterns: Vec<LitStr>,
    deprecated: Option<LitStr>,
}

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attribute = Self { patterns: Vec::new(), deprecated: None };
        while !input.is_empty() {
            if input.peek(LitStr) {
                attribute.patterns.push(input.parse()?);
            } else {
                let key: Ident = input.parse()?;
                if key != "deprecated" {
                    return Err(Error::new(key.span(), "expected a pattern or `deprecated = \"…\"`"));
                }
                input.parse::<Token![=]>()?;
                attribute.deprecated = Some(input.parse()?);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if attribute.patterns.is_empty() {
            return Err(input.error("a statement needs at least one pattern"));
        }
        Ok(attribute)
    }
}

fn statement(phase: &str, attribute: TokenStream, item: TokenStream) -> TokenStream {
    let attribute = parse_macro_input!(attribute as Attribute);
    let function = parse_macro_input!(item as ItemFn);
    expand(phase, &attribute, &function).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn expand(phase: &str, attribute: &Attribute, function: &ItemFn) -> syn::Result<Tokens> {
    let name = &function.sig.ident;
    let docs = documentation(function)?;
    let parameters = parameters(function)?;
    let quoted = parameters.iter().filter(|parameter| *parameter != "scheme").count();
    for pattern in &attribute.patterns {
        check_pattern(pattern, quoted)?;
    }
    let mut position = 0_usize;
    let arguments = parameters.iter().map(|parameter| {
        if parameter == "scheme" {
            return quote!(crate::statement::Scheme::of(call)?);
        }
        position += 1;
        let index = position - 1;
        quote!(call.argument(#index))
    });
    let constant = format_ident!("{}", name.to_string().to_uppercase());
    let run = format_ident!("{phase}");
    let patterns = &attribute.patterns;
    let deprecated = match &attribute.deprecated {
        Some(instead) => quote!(Some(#instead)),
        None => quote!(None),
    };
    let names = parameters.iter().filter(|parameter| *parameter != "scheme");
    let title = name.to_string();
    Ok(quote! {
        #function

        pub(crate) const #constant: crate::statement::Statement = crate::statement::Statement {
            name: #title,
            patterns: &[#(#patterns),*],
            docs: #docs,
            parameters: &[#(#names),*],
            deprecated: #deprecated,
            file: file!(),
            line: line!(),
            run: crate::statement::Action::#run(|context, call| #name(context, #(#arguments),*)),
        };
    })
}

fn check_pattern(pattern: &LitStr, quoted: usize) -> syn::Result<()> {
    let text = pattern.value();
    let holes = text.matches("''").count();
    if holes != quoted {
        return Err(Error::new(
            pattern.span(),
            format!("the pattern has {holes} quoted parts, the function takes {quoted}"),
        ));
    }
    if text.chars().any(char::is_uppercase) {
        return Err(Error::new(pattern.span(), "patterns are looked up in lower case"));
    }
    Ok(())
}

fn parameters(function: &ItemFn) -> syn::Result<Vec<String>> {
    let mut names = Vec::new();
    for argument in function.sig.inputs.iter().skip(1) {
        match argument {
            FnArg::Typed(typed) => match typed.pat.as_ref() {
                Pat::Ident(ident) => names.push(ident.ident.to_string()),
                other => return Err(Error::new_spanned(other, "a parameter needs a name")),
            },
            FnArg::Receiver(receiver) => {
                return Err(Error::new_spanned(receiver, "a statement is a free function"));
            }
        }
    }
    Ok(names)
}

/// The doc comment, line by line; one space after `///` is the comment's, the rest is the text's.
fn documentation(function: &ItemFn) -> syn::Result<String> {
    let mut lines = Punctuated::<String, Token![,]>::new();
    for attribute in &function.attrs {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        if !pair.path.is_ident("doc") {
            continue;
        }
        if let Expr::Lit(literal) = &pair.value
            && let Lit::Str(text) = &literal.lit
        {
            let text = text.value();
            lines.push(text.strip_prefix(' ').unwrap_or(&text).to_owned());
        }
    }
    if lines.is_empty() {
        return Err(Error::new_spanned(&function.sig, "a statement needs a doc comment"));
    }
    Ok(lines.into_iter().collect::<Vec<_>>().join("\n"))
}
