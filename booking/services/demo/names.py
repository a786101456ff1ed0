"""Invented names: any first name with any family name, from the many places Kent's families come from."""

_FIRST = """
Amara Tomasz Priya Bryony Joss Nadia Gwen Marcus Chloë Jürgen Łucja Zoë Siobhán Renée Dafydd Anaïs Søren
Ifeoma Gurpreet Harjit Manoj Sunita Bimala Prakash Oksana Taras Iryna Bogdan Ionela Radu Mihaela Dragan Marta
Wiktor Agnieszka Paweł Kasia Leyla Emre Farida Yusuf Samira Idris Abena Kwame Tendai Rutendo Keisha Delroy
Marcia Winston Bronwen Callum Isla Fergus Maeve Declan Poppy Rosie Dawn Tracey Lorraine Gary Darren Kelly
Stacey Donna Wayne Trevor Hazel Ivy Pearl Edna Stan Reg Alfie Freddie Billie Ellis Robyn Morgan Ash Kit Noor
Zainab Bilal Hana Ayşe Théo
"""
_LAST = """
Osei-Bright Lisek Dhanota Fenwick-Hale Calloway Rahimi-Cole Ashdown Tidewell Brontë-Wyle Müllerby Łaskowicz
Zöllerton Hopgarth Oastley Cobnutt Wealdon Thanetree Marshlight Downland Chalkwell Pebblestone Applecote
Cherrywell Bramleigh Orchardson Hopkiln Sandgate-Roy Quarrington Millstream Fairbourne-Lee Gurungson
Thapaliya-West Adeyemi-Stone Okonkwo-Firth Mensahby Nkosi-Reed Papadakos Ferrante-Hill Ibarrola Szabowska
Kovačby Horvathly Petrescu-Lane Ionescu-Dale Wróblik Zielonka-May Błażejko Kaurwood Sandhurst-Gill
Baines-Singh Chowdhury-Lyle Rahmanby Siddall-Khan Yılmazer Demirby Haddadin-Row Farouk-Wells Tesfaye-Mann
Haileby Nwosu-Grant Ó'Dalaighe MacInverie Prys-Tudno Larkfield Nettlestead Stourcliffe Medwyn Beltingham
Romneyward Swaleby Darentson Penshurst-Low Edenmoor Tollgate
"""

FIRST = tuple(_FIRST.split())
LAST = tuple(_LAST.split())
